import { useAddress, useList, useRead, useUrlState } from '@renxin/client'
import { staffApi } from '@renxin/staff/contract'
import {
  Choice,
  Column,
  DateRangeField,
  Drawer,
  formatAge,
  formatDay,
  formatMoment,
  Page,
  Panel,
  Row,
  SelectField,
  Table,
  Toolbar,
} from '@renxin/ui'
import { type EncounterCard, EncounterStatus, encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { EncounterPanel, Marks, PatientLink, placeOf, Status } from './EncounterPanel.tsx'

/** Who is in, and who went home: by ward and day. */
export function EncountersPage() {
  const [filters, setFilters] = useUrlState({ status: 'inProgress', ward: '', from: '', to: '', open: '' })
  const isLeaving = filters.status === 'leaving'
  const status = EncounterStatus.catch('inProgress').parse(filters.status)
  const showsBeds = status === 'inProgress' && !isLeaving && filters.ward !== ''
  const days = filters.from && filters.to ? ([filters.from, filters.to] as const) : null

  const list = useList(
    encountersApi.list,
    {
      status,
      ...(isLeaving && { leaving: 'yes' as const }),
      ...(filters.ward && { wardId: filters.ward }),
      ...(days && status !== 'inProgress' && { from: days[0], to: days[1] }),
    },
    { enabled: !showsBeds, keep: true },
  )
  const beds = useRead(encountersApi.beds, { wardId: filters.ward }, { enabled: showsBeds, keep: true })
  const wards = useRead(staffApi.units, { kind: 'ward' })
  const address = useAddress()
  const open = (e: EncounterCard) => setFilters({ open: e.id })

  return (
    <Page title={words.title}>
      <Toolbar label={words.title}>
        <Choice
          label={words.statusTitle}
          hideLabel
          value={isLeaving ? 'leaving' : status}
          onChange={(value) => setFilters({ status: value, open: '' })}
          options={[
            { value: 'inProgress', label: words.status.inProgress },
            { value: 'leaving', label: words.leaving },
            { value: 'discharged', label: words.status.discharged },
            { value: 'cancelled', label: words.status.cancelled },
          ]}
        />
        <SelectField
          label={words.ward}
          hideLabel
          placeholder={words.allWards}
          value={filters.ward || null}
          onChange={(value) => setFilters({ ward: value ?? '', open: '' })}
          options={(wards.data?.rows ?? []).map((w) => ({ value: w.id, label: w.name }))}
        />
        {status !== 'inProgress' && (
          <DateRangeField
            label={words.period}
            hideLabel
            value={days}
            onChange={(value) => setFilters({ from: value?.[0] ?? '', to: value?.[1] ?? '', open: '' })}
          />
        )}
      </Toolbar>
      <Panel flush>
        <Table
          of={showsBeds ? beds : list}
          label={words.title}
          onOpen={open}
          href={(e) => address('encounters.stay', { id: e.id })}
          opened={filters.open}
          memory="encounters.list"
          empty={`${words.empty}${words.emptyHint}`}
        >
          <Column name={words.bed} show={(e: EncounterCard) => placeOf(showsBeds ? { ...e, ward: null } : e)} />
          <Column name={words.patient} show={(e: EncounterCard) => <Person encounter={e} />} />
          <Column name={words.number} show={(e: EncounterCard) => e.number} width={150} />
          <Column name={words.mainDiagnosis} show={(e: EncounterCard) => e.mainDiagnosisName} width={190} cut />
          <Column
            name={words.nursingLevel}
            show={(e: EncounterCard) => [e.nursingLevel, e.condition].filter(Boolean).join(' · ')}
            width={110}
          />
          <Column name={words.attending} show={(e: EncounterCard) => e.attending?.name} width={100} />
          <Column name={words.nurse} show={(e: EncounterCard) => e.nurse?.name} width={100} hidden />
          <Column name={words.admittedAt} show={(e: EncounterCard) => formatMoment(e.admittedAt)} width={140} />
          {status === 'discharged' && (
            <Column name={words.dischargedAt} show={(e: EncounterCard) => formatMoment(e.dischargedAt)} width={140} />
          )}
          <Column
            name={words.statusTitle}
            show={(e: EncounterCard) => <Status encounter={e} />}
            width={110}
            hidden={status === 'inProgress'}
          />
          <Column name={words.payer} show={(e: EncounterCard) => e.payer} hidden />
        </Table>
      </Panel>
      {filters.open && <OpenStay id={filters.open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}

function Person({ encounter: e }: { encounter: EncounterCard }) {
  return (
    <Row gap={4}>
      <strong>{e.patientName}</strong>
      <small>{formatAge(e.birthOn, e.admittedAt ? formatDay(e.admittedAt) : undefined)}</small>
      <Marks encounter={e} />
    </Row>
  )
}

function OpenStay({ id, onClose }: { id: string; onClose: () => void }) {
  const file = useRead(encountersApi.file, { id })
  const title = file.data ? `${file.data.patientName} · ${file.data.number}` : words.stay
  return (
    <Drawer title={title} onClose={onClose} footer={file.data && <PatientLink patientId={file.data.patientId} />}>
      <EncounterPanel encounterId={id} />
    </Drawer>
  )
}
