import { call, useMe } from '@renxin/client'
import { AskText, Button, formatPhone, houseWords } from '@renxin/ui'
import { useEffect, useState } from 'react'
import { patientsApi, peopleApi } from '../contract.ts'
import { words } from '../words.ts'

const SHOWN_SECONDS = 30

type RevealProps = { masked: string; label?: string; read: (reason: string) => Promise<string | null> }

/** A masked text with a button that asks for a reason, shows the whole for 30 seconds, and says that it was recorded. */
function Reveal({ masked, label = words.reveal, read }: RevealProps) {
  const { may } = useMe()
  const [isAsking, setAsking] = useState(false)
  const [isReading, setReading] = useState(false)
  const [error, setError] = useState<unknown>()
  const [whole, setWhole] = useState<string>()
  useEffect(() => {
    if (whole === undefined) return
    const timer = setTimeout(() => setWhole(undefined), SHOWN_SECONDS * 1000)
    return () => clearTimeout(timer)
  }, [whole])
  const ask = (reason: string) => {
    setReading(true)
    setError(undefined)
    read(reason)
      .then((text) => {
        setWhole(text ?? houseWords.none)
        setAsking(false)
      }, setError)
      .finally(() => setReading(false))
  }
  if (whole !== undefined) {
    return (
      <span>
        <strong>{whole}</strong>{' '}
        <span className="rx-note" role="status">
          {houseWords.viewRecorded} · {houseWords.fullNumberFor({ n: SHOWN_SECONDS })}
        </span>
      </span>
    )
  }
  return (
    <span>
      {masked}{' '}
      {may('patients.unmask') && (
        <Button kind="link" size="small" label={`${label} ${masked}`} onClick={() => setAsking(true)}>
          {label}
        </Button>
      )}
      {isAsking && (
        <AskText
          question={words.revealReason}
          hint={words.revealHint}
          verb={label}
          maxLength={200}
          busy={isReading}
          error={words.of(error)}
          onAnswer={ask}
          onCancel={() => setAsking(false)}
        />
      )}
    </span>
  )
}

export function RevealPhone({ contactId, masked }: { contactId: string; masked: string }) {
  const read = (reason: string) => call(patientsApi.revealPhone, { contactId, reason }).then((r) => formatPhone(r.number))
  return <Reveal masked={masked} read={read} />
}

export function RevealPersonPhone({ id, masked }: { id: string; masked: string }) {
  const read = (reason: string) => call(peopleApi.revealPersonPhone, { id, reason }).then((r) => r.number && formatPhone(r.number))
  return <Reveal masked={masked} read={read} />
}

export function RevealIdentityCard({ patientId, masked }: { patientId: string; masked: string }) {
  const read = (reason: string) => call(patientsApi.revealIdentityCard, { patientId, reason }).then((r) => r.identityCard)
  return <Reveal masked={masked} read={read} />
}

export function RevealAddress({ patientId, masked }: { patientId: string; masked: string }) {
  const read = (reason: string) => call(patientsApi.revealAddress, { patientId, reason }).then((r) => r.address)
  return <Reveal masked={masked} label={words.revealAddress} read={read} />
}

/** Sensitive by law: that something is known is all that is seen by the way. */
export function RevealReligion({ patientId }: { patientId: string }) {
  const read = (reason: string) => call(patientsApi.revealReligion, { patientId, reason }).then((r) => r.religion)
  return <Reveal masked="***" label={words.revealReligion} read={read} />
}
