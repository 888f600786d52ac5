import { useGo, useRead } from '@renxin/client'
import { ErrorNote, FindBox, Row, Tag } from '@renxin/ui'
import { useState } from 'react'
import { patientsApi, type SearchHit } from '../contract.ts'
import { words } from '../words.ts'
import { PrivacyMark, sexAndAge } from './PatientCard.tsx'

type PatientSearchProps = {
  /** Called once somebody was chosen. */
  onClose?: () => void
  /** What choosing means; without it the file is opened. */
  onPick?: (patient: SearchHit) => void
  autoFocus?: boolean
  focusKey?: string
}

/** A phone number is typed digit by digit, and four of them alone are a search that is counted: wait until typing really rests. */
const waitFor = (text: string) => (/^\d{2,10}$/.test(text) ? 700 : 250)

/** The one search box: by name, reading, initials, phone, last four, identity number, hospital number or bed. */
export function PatientSearch({ onClose, onPick, autoFocus = true, focusKey }: PatientSearchProps) {
  const go = useGo()
  const [q, setQ] = useState('')
  const answer = useRead(patientsApi.search, { q }, { enabled: q !== '' })
  const found = q === '' ? [] : (answer.data?.rows ?? [])
  const pick = (patient: SearchHit) => {
    if (onPick) onPick(patient)
    else go('patients.file', { id: patient.id })
    onClose?.()
  }
  return (
    <FindBox
      label={words.search}
      placeholder={words.searchPlaceholder}
      onSearch={setQ}
      wait={waitFor}
      found={found}
      keyOf={(hit) => hit.id}
      show={(hit) => <Hit hit={hit} />}
      onPick={pick}
      autoFocus={autoFocus}
      {...(focusKey ? { focusKey } : {})}
      note={<Note q={q} answer={answer} />}
    />
  )
}

function Note({ q, answer }: { q: string; answer: { data?: { rows: SearchHit[]; more: boolean } | undefined; error: unknown } }) {
  if (answer.error) return <ErrorNote error={answer.error} text={words.of(answer.error)} />
  if (q === '' || !answer.data) return <p className="rx-note">{words.searchHint}</p>
  if (answer.data.rows.length === 0) return <p>{words.nothingFound({ text: q })}</p>
  return <p className="rx-note">{answer.data.more ? words.moreFound : words.searchHint}</p>
}

function Hit({ hit }: { hit: SearchHit }) {
  return (
    <Row gap={12}>
      <strong style={{ overflowWrap: 'anywhere' }}>{hit.name || words.unnamed}</strong>
      <PrivacyMark privacy={hit.privacy} />
      <span>{sexAndAge(hit)}</span>
      {hit.medicalRecordNumber && <span>{hit.medicalRecordNumber}</span>}
      {hit.deceasedAt && <Tag>{words.warning.deceased}</Tag>}
      {hit.matches.map((match) => (
        <Tag key={`${match.kind}${match.relation}`} tone="info">
          {[
            words.match[match.kind],
            match.relation && match.relation !== 'self' ? words.relation[match.relation] : null,
            match.text !== hit.medicalRecordNumber ? match.text : null,
          ]
            .filter(Boolean)
            .join(' ')}
        </Tag>
      ))}
    </Row>
  )
}
