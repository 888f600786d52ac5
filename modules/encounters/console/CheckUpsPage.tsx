import { useAddress, useList, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import {
  Choice,
  Column,
  DateRangeField,
  Drawer,
  formatAge,
  formatDay,
  formatMoment,
  Loaded,
  Page,
  Panel,
  Row,
  Table,
  Toolbar,
} from '@renxin/ui'
import { type EncounterCard, EncounterStatus, encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { PatientLink } from './EncounterPanel.tsx'
import { CheckUps } from './records/CheckUps.tsx'

const t = words.checkUps
const statuses = ['inProgress', 'discharged', 'planned', 'cancelled'] as const

/** Who came to a check-up, in the whole hospital: by state, department and day; a row opens what was found. */
export function CheckUpsPage() {
  const [filters, setFilters] = useUrlState({ status: 'inProgress', department: '', from: '', to: '', open: '' })
  const status = EncounterStatus.catch('inProgress').parse(filters.status)
  const days = filters.from && filters.to ? ([filters.from, filters.to] as const) : null
  const list = useList(
    encountersApi.list,
    {
      class: 'checkUp',
      status,
      ...(filters.department && { departmentId: filters.department }),
      ...(days && { from: days[0], to: days[1] }),
    },
    { keep: true },
  )
  const address = useAddress()
  return (
    <Page title={t.title}>
      <Toolbar label={t.title}>
        <Choice
          label={words.statusTitle}
          hideLabel
          value={status}
          onChange={(value) => setFilters({ status: value, open: '' })}
          options={statuses.map((value) => ({ value, label: t.status[value] }))}
        />
        <UnitSelect
          label={words.department}
          hideLabel
          kinds={['department']}
          value={filters.department || null}
          onChange={(id) => setFilters({ department: id ?? '', open: '' })}
        />
        <DateRangeField
          label={words.period}
          hideLabel
          value={days}
          onChange={(value) => setFilters({ from: value?.[0] ?? '', to: value?.[1] ?? '', open: '' })}
        />
      </Toolbar>
      <Panel flush>
        <Table
          of={list}
          label={t.title}
          memory="encounters.checkUps"
          empty={t.noneInList}
          opened={filters.open}
          onOpen={(e: EncounterCard) => setFilters({ open: e.id })}
          href={(e: EncounterCard) => address('encounters.stay', { id: e.id })}
        >
          <Column name={words.patient} show={(e: EncounterCard) => <Person of={e} />} />
          <Column name={t.at} show={(e: EncounterCard) => formatMoment(e.admittedAt)} width={150} />
          <Column name={words.number} show={(e: EncounterCard) => e.number} width={180} />
          <Column name={words.department} show={(e: EncounterCard) => e.department?.name} width={200} />
          <Column name={words.payer} show={(e: EncounterCard) => e.payer} hidden />
        </Table>
      </Panel>
      {filters.open && <OpenCheckUp id={filters.open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}

function Person({ of: e }: { of: EncounterCard }) {
  return (
    <Row gap={4}>
      <strong>{e.patientName}</strong>
      <small>{formatAge(e.birthOn, e.admittedAt ? formatDay(e.admittedAt) : undefined)}</small>
    </Row>
  )
}

function OpenCheckUp({ id, onClose }: { id: string; onClose: () => void }) {
  const file = useRead(encountersApi.file, { id })
  const title = file.data ? `${file.data.patientName} · ${file.data.number}` : t.one
  return (
    <Drawer title={title} size={760} onClose={onClose} footer={file.data && <PatientLink patientId={file.data.patientId} />}>
      <Loaded of={file}>{({ patientId }) => <CheckUps place={{ patientId, encounterId: id }} />}</Loaded>
    </Drawer>
  )
}
