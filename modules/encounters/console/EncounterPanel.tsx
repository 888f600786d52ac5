import { GoLink, useAddress, useGo, useList, useRead } from '@renxin/client'
import { daysBetween } from '@renxin/kernel'
import {
  Column,
  Description,
  formatDay,
  formatFull,
  formatMoment,
  houseWords,
  Loaded,
  Row,
  Stack,
  StatusTag,
  Table,
  Tag,
  today,
} from '@renxin/ui'
import { type EncounterCard, type EncounterFile, encountersApi, type WardStay } from '../contract.ts'
import { words } from '../words.ts'

/** One stay in short, for any page that is about it: where, with whom, from when to when, why, and how ill. */
export function EncounterPanel({ encounterId }: { encounterId: string }) {
  const file = useRead(encountersApi.file, { id: encounterId })
  return (
    <Loaded of={file}>
      {(encounter) => (
        <Stack gap={12}>
          <EncounterShort encounter={encounter} />
          <GoLink to="encounters.stay" params={{ id: encounterId }}>
            {words.records.ofVisit}
          </GoLink>
        </Stack>
      )}
    </Loaded>
  )
}

export function EncounterShort({ encounter }: { encounter: EncounterFile }) {
  const isStay = isStayOf(encounter)
  return (
    <Stack gap={12}>
      <Row>
        <Status encounter={encounter} />
        <Tag>{words.class[encounter.class]}</Tag>
        <Marks encounter={encounter} />
      </Row>
      <Description
        columns={2}
        items={[
          { label: words.department, value: encounter.department?.name },
          isStay && { label: `${words.ward} · ${words.bed}`, value: placeOf(encounter) },
          { label: isStay ? words.attending : words.visitedBy, value: encounter.attending?.name },
          isStay && { label: words.nurse, value: encounter.nurse?.name },
          { label: isStay ? words.admittedAt : words.visitedAt, value: encounter.admittedAt && formatFull(encounter.admittedAt) },
          isStay && { label: words.dischargedAt, value: encounter.dischargedAt && formatFull(encounter.dischargedAt) },
          encounter.expectedDischargeAt !== null && { label: words.expectedDischarge, value: formatDay(encounter.expectedDischargeAt) },
          encounter.transferPlannedSince !== null && { label: words.nextPlace, value: nextPlaceOf(encounter) },
          encounter.lengthOfStayDays !== null && { label: words.lengthOfStay, value: words.days({ n: encounter.lengthOfStayDays }) },
          encounter.disposition && { label: words.dispositionTitle, value: words.disposition[encounter.disposition] },
          { label: words.payer, value: encounter.payer },
          { label: words.identityClass, value: encounter.identityClass },
          encounter.admitReason !== null && { label: words.admitReason, value: encounter.admitReason, wide: true },
          encounter.accident !== null && { label: words.accident, value: accidentOf(encounter.accident), wide: true },
          encounter.team.length > 0 && { label: words.team, value: teamOf(encounter.team), wide: true },
          { label: words.diagnoses, value: <Diagnoses encounter={encounter} />, wide: true },
          isStay && encounter.levels.length > 0 && { label: words.levels, value: <Levels encounter={encounter} />, wide: true },
        ]}
      />
      {encounter.stays.length > 1 && <Wards stays={encounter.stays} />}
      {encounter.summary && (
        <details>
          <summary>{words.summary}</summary>
          <p style={{ whiteSpace: 'pre-wrap' }}>{encounter.summary}</p>
        </details>
      )}
    </Stack>
  )
}

const tones = { planned: 'plain', inProgress: 'info', discharged: 'success', cancelled: 'plain' } as const

const isStayOf = (e: Pick<EncounterCard, 'class'>) => e.class === 'inpatient' || e.class === 'daySurgery'

/** A visit of which no end was told is over with its day. */
export function Status({ encounter }: { encounter: Pick<EncounterCard, 'class' | 'status' | 'disposition' | 'admittedAt'> }) {
  const isStay = isStayOf(encounter)
  const names = isStay ? words.status : words.statusOfVisit
  if (!isStay && encounter.status === 'inProgress' && encounter.admittedAt && formatDay(encounter.admittedAt) < today())
    return <StatusTag>{words.visited}</StatusTag>
  if (encounter.disposition === '5') return <StatusTag>{words.disposition[5]}</StatusTag>
  return <StatusTag tone={tones[encounter.status]}>{names[encounter.status]}</StatusTag>
}

/** What makes this stay one to take more care of. */
export function Marks({ encounter: e }: { encounter: EncounterCard }) {
  const gap = e.priorDischargeOn && e.admittedAt ? daysBetween(e.priorDischargeOn, formatDay(e.admittedAt)) : null
  return (
    <>
      {e.onLeaveSince && <Tag tone="info">{words.onLeave({ since: formatMoment(e.onLeaveSince) })}</Tag>}
      <Planned encounter={e} />
      {e.everCritical && <Tag tone="warning">{words.ever.critical}</Tag>}
      {e.everSerious && !e.everCritical && <Tag tone="warning">{words.ever.serious}</Tag>}
      {e.everSpecialNursing && <Tag tone="care">{words.ever.special}</Tag>}
      {e.everLevelOne && !e.everSpecialNursing && e.nursingLevel !== '一级' && <Tag tone="care">{words.ever.levelOne}</Tag>}
      {gap !== null && gap <= 31 && <Tag tone="warning">{words.readmission({ n: gap })}</Tag>}
    </>
  )
}

/** Whose bed becomes free, and when. */
function Planned({ encounter: e }: { encounter: EncounterCard }) {
  const next = nextPlaceOf(e)
  return (
    <>
      {e.expectedDischargeAt ? (
        <Tag tone="info">{words.dischargeExpected({ on: formatDay(e.expectedDischargeAt) })}</Tag>
      ) : (
        e.dischargePlannedSince && <Tag tone="info">{words.dischargePlanned}</Tag>
      )}
      {e.transferPlannedSince && <Tag tone="info">{next ? words.transferPlannedTo({ place: next }) : words.transferPlanned}</Tag>}
    </>
  )
}

const nextPlaceOf = (e: EncounterCard) => placeOf({ ward: e.nextWard, room: e.nextRoom, bed: e.nextBed })

export const placeOf = ({ ward, room, bed }: Pick<EncounterCard, 'ward' | 'room' | 'bed'>): string | null =>
  [ward?.name, room, bed].filter((part) => part).join(' · ') || null

const accidentOf = ({ at, kind, place }: NonNullable<EncounterFile['accident']>): string =>
  [at && formatMoment(at), kind, place].filter((part) => part).join(' · ')

const isRole = (role: string): role is keyof typeof words.role => Object.hasOwn(words.role, role)
const teamOf = (team: EncounterFile['team']): string =>
  team.map(({ role, person }) => `${isRole(role) ? words.role[role] : role} ${person.name}`).join(' · ')

function Diagnoses({ encounter }: { encounter: EncounterFile }) {
  if (encounter.diagnoses.length === 0) return houseWords.none
  return (
    <ul className="rx-plain-list">
      {encounter.diagnoses.map((d) => (
        <li key={`${d.type}.${d.rank}`}>
          {d.name} {d.code && <small>{d.code}</small>} <small>{words.diagnosisType[d.type]}</small>
        </li>
      ))}
    </ul>
  )
}

function Levels({ encounter }: { encounter: EncounterFile }) {
  return (
    <Row gap={4}>
      {encounter.levels.map((l) => (
        <Tag
          key={`${l.kind}.${l.fromAt}`}
          title={formatFull(l.fromAt)}
          tone={l.value === '病危' || l.value === '病重' ? 'warning' : 'plain'}
        >
          {formatDay(l.fromAt).slice(5)} {l.value ?? words.withdrawn}
        </Tag>
      ))}
    </Row>
  )
}

function Wards({ stays }: { stays: readonly WardStay[] }) {
  return (
    <Table of={stays} rowKey={(s) => s.fromAt} label={words.wards}>
      <Column name={words.ward} show={(s: WardStay) => placeOf(s)} />
      <Column name={words.from} show={(s: WardStay) => formatMoment(s.fromAt)} width={150} />
      <Column name={words.until} show={(s: WardStay) => (s.toAt ? formatMoment(s.toAt) : words.untilNow)} width={150} />
    </Table>
  )
}

/** What a patient came for, newest first: a panel on the patient's page. */
export function EncountersOfPatient({ patientId }: Record<string, string>) {
  const list = useList(encountersApi.ofPatient, { patientId: patientId ?? '', limit: 20 })
  const go = useGo()
  const address = useAddress()
  return (
    <Table
      of={list}
      label={words.visits}
      empty={words.noStay}
      onOpen={(e) => go('encounters.stay', { id: e.id })}
      href={(e) => address('encounters.stay', { id: e.id })}
      maxHeight={560}
    >
      <Column name={words.kind} show={(e: EncounterCard) => words.class[e.class]} width={90} />
      <Column name={words.visitedOn} show={(e: EncounterCard) => formatMoment(e.admittedAt)} width={150} />
      <Column name={words.dischargedAt} show={(e: EncounterCard) => formatMoment(isStayOf(e) ? e.dischargedAt : null)} width={150} />
      <Column name={`${words.department} · ${words.ward}`} show={(e: EncounterCard) => placeOf(e) ?? e.department?.name} />
      <Column name={words.mainDiagnosis} show={(e: EncounterCard) => e.mainDiagnosisName} cut />
      <Column name={words.visitedBy} show={(e: EncounterCard) => e.attending?.name} width={100} />
      <Column name={words.statusTitle} show={(e: EncounterCard) => <Status encounter={e} />} width={110} />
    </Table>
  )
}

/** The way from a stay to the person. */
export const PatientLink = ({ patientId }: { patientId: string }) => (
  <GoLink to="patients.file" params={{ id: patientId }}>
    {words.openPatient}
  </GoLink>
)
