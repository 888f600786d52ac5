import { useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button,
  Column,
  DateRangeField,
  Form,
  formatMoment,
  notify,
  Panel,
  Row,
  SelectField,
  Stack,
  StatusTag,
  Table,
  TextField,
  type Tone,
} from '@renxin/ui'
import { useState } from 'react'
import { integrationApi } from '../contract.ts'
import { deadLettersApi, type Like, type Run } from '../dead-letters-contract.ts'
import { words } from '../words.ts'
import { causeWord, senderWord } from './phrases.tsx'

/** Reads again what matches, after it was counted; and what was done to many, with how far it is. */
export function Replays() {
  const { may } = useMe()
  return (
    <Stack gap={16}>
      {may('integration.mend') && <ReplayForm />}
      <Runs />
    </Stack>
  )
}

function ReplayForm() {
  const senders = useRead(integrationApi.senders, {})
  const [said, setSaid] = useState({ senderId: '', from: '', to: '', events: '', reason: '' })
  const [id, setId] = useState(newId)
  const [n, setN] = useState<number>()
  const count = useWrite(deadLettersApi.countReplay, { onSuccess: ({ messages }) => setN(messages) })
  const start = useWrite(deadLettersApi.startReplay, {
    onSuccess: () => {
      setId(newId())
      setN(undefined)
    },
  })
  const change = (part: Partial<typeof said>) => {
    setSaid({ ...said, ...part })
    if (!('reason' in part)) setN(undefined)
  }
  const events = said.events.split(/[\s,，;；]+/).filter((e) => e !== '')
  const like: Like = {
    ...(said.senderId && { senderId: said.senderId }),
    ...(said.from && { from: said.from }),
    ...(said.to && { to: said.to }),
    ...(events.length > 0 && { events }),
  }
  return (
    <Panel title={words.replayForm}>
      <Form
        columns={2}
        write={{ error: start.error ?? count.error, isSending: start.isSending }}
        actions={
          <>
            <span aria-live="polite">{n !== undefined && words.counted({ n })}</span>
            <Button busy={count.isSending} onClick={() => count.send({ like })}>
              {words.countFirst}
            </Button>
            <Button
              kind="primary"
              busy={start.isSending}
              disabled={!n || said.reason.trim().length < 2}
              onClick={() => start.send({ id, like, reason: said.reason })}
            >
              {words.startReplay({ n: n ?? 0 })}
            </Button>
          </>
        }
      >
        <SelectField
          label={words.sender}
          placeholder={words.allSenders}
          value={said.senderId || null}
          onChange={(value) => change({ senderId: value ?? '' })}
          options={(senders.data?.rows ?? []).map((s) => ({ value: s.id, label: senderWord(s.name) }))}
        />
        <DateRangeField
          label={words.period}
          value={said.from && said.to ? [said.from, said.to] : null}
          onChange={(value) => change({ from: value?.[0] ?? '', to: value?.[1] ?? '' })}
        />
        <TextField
          label={words.events}
          hint={words.eventsHint}
          maxLength={200}
          value={said.events}
          onChange={(next) => change({ events: next })}
        />
        <TextField
          label={words.whyRemedy}
          hint={words.replayHint}
          required
          maxLength={200}
          value={said.reason}
          onChange={(reason) => change({ reason })}
        />
      </Form>
    </Panel>
  )
}

const tones: Record<Run['status'], Tone> = { running: 'info', done: 'success', stopped: 'warning' }

function Runs() {
  const { may } = useMe()
  const runs = useRead(deadLettersApi.runs, {}, { everySeconds: 5 })
  const stop = useWrite(deadLettersApi.stopRun, {
    onSuccess: () => notify(words.runStopped),
    onError: (problem) => notify(words.of(problem) ?? '', { tone: 'danger' }),
  })
  return (
    <Panel flush title={words.runsTitle}>
      <Table of={runs} label={words.runsTitle} empty={words.noRuns}>
        <Column name={words.createdAt} show={(r: Run) => formatMoment(r.startedAt)} width={130} />
        <Column name={words.startedBy} show={(r: Run) => r.startedBy} width={110} />
        <Column name={words.what} show={whatOf} width={200} cut />
        <Column name={words.whyRemedy} show={(r: Run) => r.reason} cut />
        <Column name={words.runProgress} show={(r: Run) => `${r.settled + r.unsettled} / ${r.total}`} align="end" width={130} />
        <Column name={words.result} show={(r: Run) => words.remedied({ settled: r.settled, unsettled: r.unsettled })} width={210} />
        <Column
          name={words.statusTitle}
          show={(r: Run) => (
            <Row gap={8}>
              <StatusTag tone={tones[r.status]}>{words.runStatus[r.status]}</StatusTag>
              {r.status === 'running' && may('integration.mend') && (
                <Button size="small" busy={stop.isSending} onClick={() => stop.send({ id: r.id })}>
                  {words.stopRun}
                </Button>
              )}
            </Row>
          )}
          width={170}
        />
      </Table>
    </Panel>
  )
}

const whatOf = (r: Run) => [words.runKind[r.kind], causeWord(r.what.cause ?? null), ...(r.what.events ?? [])].filter(Boolean).join(' · ')
