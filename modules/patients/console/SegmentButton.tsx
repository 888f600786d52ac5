import { useRead, useWrite } from '@renxin/client'
import { Button, Dialog, Form, houseWords, notify, SelectField, TextField } from '@renxin/ui'
import { useState } from 'react'
import { segmentsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.segments

/** Puts a patient into a segment by hand, with the reason. */
export function SegmentButton({ patientId }: { patientId: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.putIn}</Button>
      {isOpen && <PutIn patientId={patientId} onClose={() => setOpen(false)} />}
    </>
  )
}

function PutIn({ patientId, onClose }: { patientId: string; onClose: () => void }) {
  const segments = useRead(segmentsApi.segments, {})
  const [segmentId, setSegment] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const mark = useWrite(segmentsApi.mark, {
    onSuccess: () => {
      notify(t.saved)
      onClose()
    },
  })
  const send = () => {
    setTried(true)
    if (segmentId && reason.trim().length > 1) mark.send({ patientId, segmentId, isIn: true, reason: reason.trim() })
  }
  return (
    <Dialog title={t.putIn} onClose={onClose}>
      <Form onSubmit={send} write={mark} verb={t.putIn} onCancel={onClose}>
        <SelectField
          label={t.title}
          required
          value={segmentId}
          onChange={setSegment}
          options={(segments.data?.rows ?? []).filter((s) => s.isActive).map((s) => ({ value: s.id, label: s.name }))}
          error={isTried && !segmentId ? houseWords.pleaseChoose : undefined}
        />
        <TextField
          label={t.putInWhy}
          required
          maxLength={200}
          value={reason}
          onChange={setReason}
          error={isTried && reason.trim().length < 2 ? houseWords.pleaseFill : undefined}
        />
      </Form>
    </Dialog>
  )
}
