import { Description, formatDay, houseWords, Panel, Row } from '@renxin/ui'
import type { PatientFile } from '../contract.ts'
import { words } from '../words.ts'
import { MergedFrom } from './MergedFrom.tsx'
import { sexAndAge } from './PatientCard.tsx'
import { RevealAddress, RevealIdentityCard, RevealReligion } from './Reveal.tsx'

const isKnownType = (type: string): type is keyof typeof words.numberType => Object.hasOwn(words.numberType, type)

/** Who this is, as the hospital's papers have it. */
export function Basics({ file }: { file: PatientFile }) {
  const card = file.identityCard && (
    <>
      <RevealIdentityCard patientId={file.id} masked={file.identityCard} />
      {file.identityCardIsValid === false && <span className="rx-note"> {words.identityCardWrong}</span>}
    </>
  )
  return (
    <Panel title={words.basics}>
      <Description
        items={[
          { label: words.name, value: [file.name || words.unnamed, file.namePinyin].filter(Boolean).join(' ') },
          { label: `${words.sex} · ${words.age}`, value: sexAndAge(file) },
          { label: words.birthOn, value: file.birthOn },
          { label: words.identityCard, value: card },
          { label: words.identityClass, value: file.identityClass },
          { label: words.payer, value: file.payer },
          { label: words.address, value: file.address && <RevealAddress patientId={file.id} masked={file.address} /> },
          { label: words.ethnic, value: file.ethnic },
          { label: words.marital, value: file.marital },
          { label: words.job, value: file.job },
          file.language ? { label: words.language, value: file.language } : null,
          file.nationality ? { label: words.nationality, value: file.nationality } : null,
          file.birthPlace ? { label: words.birthPlace, value: file.birthPlace } : null,
          file.hasReligion ? { label: words.religion, value: <RevealReligion patientId={file.id} /> } : null,
          file.deceasedAt ? { label: words.warning.deceased, value: formatDay(file.deceasedAt) } : null,
          { label: words.numbers, value: <Numbers file={file} />, wide: true },
          file.mergedFrom.length > 0 && { label: words.mergedFrom, value: <MergedFrom file={file} />, wide: true },
        ]}
      />
    </Panel>
  )
}

function Numbers({ file }: { file: PatientFile }) {
  if (file.identifiers.length === 0) return houseWords.none
  return (
    <Row gap={16}>
      {file.identifiers.map(({ system, type, value }) => (
        <span key={`${system}${type}${value}`} title={system}>
          {isKnownType(type) ? words.numberType[type] : words.numberType.other} {value}
        </span>
      ))}
    </Row>
  )
}
