import { useMe, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Banner, Button, Dialog, Form, formatDay, formatDue, formatMoment, houseWords, notify, Panel, Row, SelectField, Stack, StatusTag, Tag, TextField, type Tone,
} from '@renxin/ui' // biome-ignore format: a list
import { type ReactNode, useState } from 'react'
import { type Alert, type AlertKind, CautionKind, overviewApi, type PatientHead, type Risk } from '../contract.ts'
import { words } from '../words.ts'
import { CareLine, TagList } from './PatientCard.tsx'
import { FollowupText } from './Standing.tsx'

const t = words.overview

const tones: Record<AlertKind, Tone> = {
  deceased: 'plain',
  criticalValue: 'danger',
  allergy: 'danger',
  incompatibility: 'danger',
  openComplaint: 'warning',
  refused: 'warning',
  noPhone: 'warning',
  possibleDuplicate: 'info',
  payer: 'info',
  other: 'info',
}

/** What to know before a word is spoken: warnings, where they are, risks with their reasons, groups, the last contact and what is due next. */
export function HeadBand({ head }: { head: PatientHead }) {
  const { may } = useMe()
  const [isAdding, setAdding] = useState(false)
  return (
    <Panel>
      <Stack gap={12}>
        {head.emergencyUntil && <Banner tone="danger">{words.emergency.banner({ until: formatMoment(head.emergencyUntil) })}</Banner>}
        {head.alerts.length > 0 && (
          <Row gap={8}>
            {head.alerts.map((alert) => (
              <AlertTag key={alert.cautionId ?? `${alert.kind}${alert.text}`} alert={alert} mayEnd={may('patients.edit')} />
            ))}
          </Row>
        )}
        <CareLine head={head} />
        <Row gap={8}>
          {head.risks.map((risk) => (
            <StatusTag key={`${risk.kind}${risk.text}`} tone="care">
              {riskText(risk)}
            </StatusTag>
          ))}
          <TagList card={head} />
          {head.segments.map((segment) => (
            <Tag key={segment.id} icon="people" title={words.segments.title}>
              {segment.name}
            </Tag>
          ))}
          {may('patients.edit') && (
            <Button kind="quiet" size="small" icon="add" onClick={() => setAdding(true)}>
              {t.addCaution}
            </Button>
          )}
        </Row>
        <Row gap={24}>
          <Figures head={head} />
        </Row>
      </Stack>
      {isAdding && <CautionDialog patientId={head.id} onClose={() => setAdding(false)} />}
    </Panel>
  )
}

export function riskText({ kind, text, days }: Risk): string {
  switch (kind) {
    case 'criticalNow':
    case 'intensiveNursing':
    case 'ownField':
      return t.risk[kind]({ text: text ?? '' })
    case 'readmission':
    case 'age':
      return t.risk[kind]({ days: days ?? 0 })
    default:
      return t.risk[kind]
  }
}

function AlertTag({ alert, mayEnd }: { alert: Alert; mayEnd: boolean }) {
  const end = useWrite(overviewApi.endCaution, {
    onSuccess: () => notify(t.ended),
    onError: (problem) => notify(words.of(problem) ?? '', { tone: 'danger' }),
  })
  const { kind, text, at, cautionId } = alert
  const said = kind === 'refused' ? null : text
  return (
    <Row gap={4} wrap={false}>
      <StatusTag isLarge tone={tones[kind]} title={at ? formatDay(at) : undefined}>
        <span style={{ overflowWrap: 'anywhere' }}>
          {[t.alert[kind], said, kind === 'deceased' && at && formatDay(at)].filter(Boolean).join(' ')}
        </span>
      </StatusTag>
      {cautionId && mayEnd && (
        <Button kind="link" size="small" busy={end.isSending} onClick={() => end.send({ cautionId })}>
          {t.endCaution}
        </Button>
      )}
    </Row>
  )
}

function Figures({ head }: { head: PatientHead }) {
  const { followup, bookedAt } = head.standing
  const [last] = head.lastContacts
  return (
    <>
      <Fact label={t.lastContact}>{last ? formatMoment(last.at) : t.noContact}</Fact>
      <Fact label={words.standing.lastFollowup}>
        <FollowupText standing={head.standing} />
      </Fact>
      <Fact label={t.nextDue}>
        {followup.nextAt
          ? formatDue(followup.nextAt)
          : bookedAt && head.standing.state === 'booked'
            ? t.bookedFor({ at: formatMoment(bookedAt) })
            : t.noDue}
      </Fact>
      <Fact label={words.standing.dischargedOn}>{head.standing.dischargedOn ?? houseWords.none}</Fact>
      {head.firstSeenOn && (
        <Fact label={t.since({ day: head.firstSeenOn })}>{t.visitsAndStays({ visits: head.visits, stays: head.stays })}</Fact>
      )}
    </>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <div className="rx-note">{label}</div>
      <div>{children}</div>
    </div>
  )
}

function CautionDialog({ patientId, onClose }: { patientId: string; onClose: () => void }) {
  const [id] = useState(newId)
  const [kind, setKind] = useState<CautionKind>('other')
  const [text, setText] = useState('')
  const [isTried, setTried] = useState(false)
  const add = useWrite(overviewApi.addCaution, { onSuccess: onClose })
  const send = () => {
    setTried(true)
    if (text.trim()) add.send({ patientId, id, kind, text: text.trim() })
  }
  return (
    <Dialog title={t.addCaution} onClose={onClose}>
      <Form onSubmit={send} write={add} verb={houseWords.save} onCancel={onClose}>
        <SelectField<CautionKind>
          label={t.cautionKind}
          required
          value={kind}
          onChange={(k) => setKind(k ?? 'other')}
          options={CautionKind.options.map((k) => ({ value: k, label: t.caution[k] }))}
        />
        <TextField
          label={t.cautionText}
          required
          autoFocus
          maxLength={200}
          hint={t.cautionHint}
          value={text}
          onChange={setText}
          error={isTried && !text.trim() ? houseWords.pleaseFill : undefined}
        />
      </Form>
    </Dialog>
  )
}
