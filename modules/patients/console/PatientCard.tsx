import { GoLink, useRead } from '@renxin/client'
import { formatAge, formatDay, houseWords, Loaded, Row, StatusTag, Tag } from '@renxin/ui'
import { type PatientCard as Card, type PatientHead, patientsApi, type Warning } from '../contract.ts'
import { words } from '../words.ts'
import { careText, StateTag } from './Standing.tsx'

/** Who this is, in one or two lines, for any page about a patient. The name leads to the file. */
export function PatientCard({ patientId }: { patientId: string }) {
  const card = useRead(patientsApi.card, { id: patientId })
  return (
    <Loaded of={card} lines={1}>
      {(patient) => <PatientHeader card={patient} />}
    </Loaded>
  )
}

export function PatientHeader({ card, isLink = true }: { card: Card; isLink?: boolean }) {
  const name = <PatientName card={card} />
  return (
    <Row gap={12}>
      {isLink ? (
        <GoLink to="patients.file" params={{ id: card.id }}>
          {name}
        </GoLink>
      ) : (
        name
      )}
      <span>{sexAndAge(card)}</span>
      {card.medicalRecordNumber && (
        <span>
          {words.medicalRecordNumber} {card.medicalRecordNumber}
        </span>
      )}
      {card.bed && (
        <span>
          {words.bed} {card.bed}
        </span>
      )}
      <PrivacyMark privacy={card.privacy} />
      <Warnings card={card} />
      <TagList card={card} />
    </Row>
  )
}

/** Of which class of privacy a person is, wherever that person is shown. */
export const PrivacyMark = ({ privacy }: Pick<Card, 'privacy'>) =>
  privacy && (
    <Tag tone="care" icon="lock" title={words.privacy.title}>
      {words.privacy.class[privacy]}
    </Tag>
  )

/** The first line of the file: who this is. */
export function FileHeader({ head }: { head: PatientHead }) {
  return (
    <Row gap={12}>
      <PatientName card={head} />
      <PrivacyMark privacy={head.privacy} />
      <span>{sexAndAge(head)}</span>
      {head.medicalRecordNumber && (
        <span>
          {words.medicalRecordNumber} {head.medicalRecordNumber}
        </span>
      )}
      {head.identityClass && <span>{head.identityClass}</span>}
      {head.payer && <span>{head.payer}</span>}
    </Row>
  )
}

/** Where a patient is or was last, with whom, and why. */
export function CareLine({ head: { standing, bed } }: { head: PatientHead }) {
  const isIn = standing.state === 'inHospital'
  return (
    <Row gap={12}>
      <StateTag standing={standing} />
      {isIn && <strong>{[standing.ward ?? standing.department, bed].filter(Boolean).join(' ')}</strong>}
      {!isIn && standing.class && <span>{careText(standing)}</span>}
      {standing.attending && (
        <span>
          {words.standing.attending} {standing.attending}
        </span>
      )}
      {standing.mainDiagnosis && <span style={{ overflowWrap: 'anywhere' }}>{standing.mainDiagnosis}</span>}
    </Row>
  )
}

const PatientName = ({ card }: { card: Pick<Card, 'name'> }) => (
  <strong style={{ fontSize: 16, overflowWrap: 'anywhere' }}>{card.name || words.unnamed}</strong>
)

export const TagList = ({ card }: { card: Pick<Card, 'tags'> }) =>
  card.tags.map((tag) => (
    <Tag key={tag.id} tone={tag.tone} icon={tag.tone === 'care' ? 'heart' : 'tag'}>
      {tag.name}
    </Tag>
  ))

export const sexAndAge = (person: Pick<Card, 'sex' | 'birthOn' | 'deceasedAt'>): string =>
  [houseWords.sex[person.sex], person.birthOn && formatAge(person.birthOn, person.deceasedAt ? formatDay(person.deceasedAt) : undefined)]
    .filter(Boolean)
    .join(' · ')

const tones: Record<Warning, 'plain' | 'warning' | 'info'> = {
  deceased: 'plain',
  refused: 'warning',
  openComplaint: 'warning',
  noPhone: 'warning',
  possibleDuplicate: 'info',
}

export function Warnings({ card }: { card: Pick<Card, 'warnings'> }) {
  return card.warnings.map((warning) => (
    <StatusTag key={warning} tone={tones[warning]}>
      {words.warning[warning]}
    </StatusTag>
  ))
}
