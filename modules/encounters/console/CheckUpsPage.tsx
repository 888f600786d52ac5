import { useList, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Column, formatMoment, Loaded } from '@renxin/ui'
import { type EncounterCard, EncounterStatus, encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { daysOf, EncounterList, Person } from './EncounterList.tsx'
import { CheckUps } from './records/CheckUps.tsx'

const t = words.checkUps
const statuses = ['inProgress', 'discharged', 'planned', 'cancelled'] as const

/** Who came to a check-up, in the whole hospital: by state, department and day; a row opens what was found. */
export function CheckUpsPage() {
  const [filters, setFilters] = useUrlState({ status: 'inProgress', department: '', from: '', to: '', open: '' })
  const status = EncounterStatus.catch('inProgress').parse(filters.status)
  const days = daysOf(filters)
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
  return (
    <EncounterList
      title={t.title}
      memory="encounters.checkUps"
      empty={t.noneInList}
      rows={list}
      status={status}
      statuses={statuses.map((value) => ({ value, label: t.status[value] }))}
      unit={
        <UnitSelect
          label={words.department}
          hideLabel
          kinds={['department']}
          value={filters.department || null}
          onChange={(id) => setFilters({ department: id ?? '', open: '' })}
        />
      }
      hasDays
      filters={filters}
      onFilters={setFilters}
      drawer={{ title: t.one, size: 760, show: (id) => <Opened id={id} /> }}
    >
      <Column name={words.patient} show={(e: EncounterCard) => <Person of={e} />} />
      <Column name={t.at} show={(e: EncounterCard) => formatMoment(e.admittedAt)} width={150} />
      <Column name={words.number} show={(e: EncounterCard) => e.number} width={180} />
      <Column name={words.department} show={(e: EncounterCard) => e.department?.name} width={200} />
      <Column name={words.payer} show={(e: EncounterCard) => e.payer} hidden />
    </EncounterList>
  )
}

function Opened({ id }: { id: string }) {
  const file = useRead(encountersApi.file, { id })
  return <Loaded of={file}>{({ patientId }) => <CheckUps place={{ patientId, encounterId: id }} />}</Loaded>
}
