import { useList, useRead, useUrlState } from '@renxin/client'
import { staffApi } from '@renxin/staff/contract'
import { Column, formatMoment, SelectField } from '@renxin/ui'
import { type EncounterCard, EncounterStatus, encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { daysOf, EncounterList, Person } from './EncounterList.tsx'
import { EncounterPanel, Marks, placeOf, Status } from './EncounterPanel.tsx'

/** Who is in, and who went home: by ward and day. */
export function EncountersPage() {
  const [filters, setFilters] = useUrlState({ status: 'inProgress', ward: '', from: '', to: '', open: '' })
  const isLeaving = filters.status === 'leaving'
  const status = EncounterStatus.catch('inProgress').parse(filters.status)
  const showsBeds = status === 'inProgress' && !isLeaving && filters.ward !== ''
  const days = daysOf(filters)

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

  return (
    <EncounterList
      title={words.title}
      memory="encounters.list"
      empty={`${words.empty}${words.emptyHint}`}
      rows={showsBeds ? beds : list}
      status={isLeaving ? 'leaving' : status}
      statuses={[
        { value: 'inProgress', label: words.status.inProgress },
        { value: 'leaving', label: words.leaving },
        { value: 'discharged', label: words.status.discharged },
        { value: 'cancelled', label: words.status.cancelled },
      ]}
      unit={
        <SelectField
          label={words.ward}
          hideLabel
          placeholder={words.allWards}
          value={filters.ward || null}
          onChange={(value) => setFilters({ ward: value ?? '', open: '' })}
          options={(wards.data?.rows ?? []).map((w) => ({ value: w.id, label: w.name }))}
        />
      }
      hasDays={status !== 'inProgress'}
      filters={filters}
      onFilters={setFilters}
      drawer={{ title: words.stay, show: (encounterId) => <EncounterPanel encounterId={encounterId} /> }}
    >
      <Column name={words.bed} show={(e: EncounterCard) => placeOf(showsBeds ? { ...e, ward: null } : e)} />
      <Column
        name={words.patient}
        show={(e: EncounterCard) => (
          <Person of={e}>
            <Marks encounter={e} />
          </Person>
        )}
      />
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
      <Column name={words.statusTitle} show={(e: EncounterCard) => <Status encounter={e} />} width={110} hidden={status === 'inProgress'} />
      <Column name={words.payer} show={(e: EncounterCard) => e.payer} hidden />
    </EncounterList>
  )
}
