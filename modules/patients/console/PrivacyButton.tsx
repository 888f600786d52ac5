import { useMe, useRead, useWrite } from '@renxin/client'
import { Button, Choice, Dialog, Form, formatMoment, houseWords, Loaded, notify, Row, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { PrivacyClass, type PrivacyStanding, privacyApi, seenBy } from '../contract.ts'
import { words } from '../words.ts'
import { PrivacyMark } from './PatientCard.tsx'

const t = words.privacy

/** Puts this patient into a class of privacy, out of any, or leaves it to the rules. */
export function PrivacyButton({ patientId }: { patientId: string }) {
  const { may } = useMe()
  const [isOpen, setOpen] = useState(false)
  if (!may('patients.classify')) return null
  return (
    <>
      <Button icon="lock" onClick={() => setOpen(true)}>
        {t.title}
      </Button>
      {isOpen && (
        <Dialog title={t.set} onClose={() => setOpen(false)}>
          <Classify patientId={patientId} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

function Classify({ patientId, onDone }: { patientId: string; onDone: () => void }) {
  const standing = useRead(privacyApi.privacy, { patientId })
  return <Loaded of={standing}>{({ rows }) => <ClassForm patientId={patientId} rows={rows} onDone={onDone} />}</Loaded>
}

function ClassForm({ patientId, rows, onDone }: { patientId: string; rows: PrivacyStanding[]; onDone: () => void }) {
  const { may } = useMe()
  const [first] = rows
  const [chosen, setChosen] = useState<PrivacyClass | 'none' | 'byRule'>(!first || first.rule ? 'byRule' : (first.class ?? 'none'))
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const save = useWrite(privacyApi.classify, {
    onSuccess: () => {
      notify(t.saved)
      onDone()
    },
  })
  const send = () => {
    setTried(true)
    if (reason.trim().length < 2) return
    const choice = PrivacyClass.safeParse(chosen).data ?? null
    save.send({ patientId, class: choice, byRule: chosen === 'byRule', reason: reason.trim() })
  }
  return (
    <Form onSubmit={send} write={save} verb={houseWords.save} onCancel={onDone}>
      <p className="rx-note">{t.help}</p>
      {rows.length > 0 && (
        <Stack gap={4}>
          <div className="rx-label">{t.standing}</div>
          {rows.map((row) => (
            <Row key={`${row.class}${row.rule}${row.setAt}`} gap={8}>
              {row.class ? <PrivacyMark privacy={row.class} /> : t.none}
              <span>
                {row.rule ? t.by[row.rule] : t.byHand({ name: row.setByName ?? '', at: row.setAt ? formatMoment(row.setAt) : '' })}
              </span>
              {row.reason && <span className="rx-note">{row.reason}</span>}
            </Row>
          ))}
        </Stack>
      )}
      <Choice
        label={t.choose}
        value={chosen}
        onChange={setChosen}
        options={[
          ...PrivacyClass.options.flatMap((c) => (may(seenBy[c]) ? [{ value: c, label: t.class[c] }] : [])),
          { value: 'none' as const, label: t.none },
          { value: 'byRule' as const, label: t.byRule },
        ]}
      />
      <TextField
        label={t.reason}
        hint={t.reasonHint}
        required
        maxLength={200}
        value={reason}
        onChange={setReason}
        error={isTried && reason.trim().length < 2 ? houseWords.required : undefined}
      />
    </Form>
  )
}
