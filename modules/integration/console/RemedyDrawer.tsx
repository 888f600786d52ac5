import { useMe, useRead, useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Banner, Button, Choice, Column, Drawer, ErrorNote, Form, notify, SelectField, Stack, Table, TextField } from '@renxin/ui'
import { useState } from 'react'
import type { Cause } from '../contract.ts'
import { deadLettersApi, type Like, Remedy, type Run, type Sample } from '../dead-letters-contract.ts'
import { words } from '../words.ts'
import { causeWord, fieldWord, MessageState } from './phrases.tsx'

/** The messages that are meant, and what is known of their trouble. */
export type Meant = {
  like: Like
  cause: Cause
  messages: number
  field: string | null
  code: string | null
  meanings: readonly string[]
  place: { field: string; text: string } | null
}

type Kind = Remedy['kind']
type Tried = { rows: Sample[]; total: number }
type Said = { kind: Kind; place: string; meaning: string; segment: string; find: string; replace: string; reason: string }

/** Puts right all messages of a group: chosen once, tried on a few, done to all. */
export function RemedyDrawer({ meant, onClose }: { meant: Meant; onClose: () => void }) {
  const { may } = useMe()
  const kinds = kindsFor(meant, may('integration.manage'))
  const [said, setSaid] = useState<Said>({
    kind: kinds[0] ?? 'read',
    place: meant.place?.text ?? '',
    meaning: '',
    segment: '',
    find: '',
    replace: '',
    reason: '',
  })
  const [id] = useState(newId)
  const [run, setRun] = useState<Run>()
  const [samples, setSamples] = useState<Tried>()
  const attempt = useWrite(deadLettersApi.tryRemedy, { onSuccess: setSamples })
  const settle = useWrite(deadLettersApi.remedy, { onSuccess: setRun })
  const change = (part: Partial<Said>) => {
    setSaid({ ...said, ...part })
    if (!('reason' in part)) setSamples(undefined)
  }
  const unsaved = useUnsaved(said.reason !== '' && !run && !settle.isSending)
  const remedy = remedyOf(said, meant)
  const isReady = remedy !== undefined && said.reason.trim().length > 1
  const n = samples?.total ?? meant.messages
  return (
    <Drawer
      title={words.remedyTitle({ cause: causeWord(meant.cause) ?? meant.cause, n })}
      size={760}
      onClose={onClose}
      footer={
        !run && (
          <>
            <Button busy={attempt.isSending} disabled={!remedy} onClick={() => remedy && attempt.send({ like: meant.like, remedy })}>
              {words.tryFirst}
            </Button>
            <Button
              kind="primary"
              busy={settle.isSending}
              disabled={!isReady}
              onClick={() => remedy && settle.send({ id, like: meant.like, remedy, reason: said.reason })}
            >
              {words.remedyAll({ n })}
            </Button>
          </>
        )
      }
    >
      {unsaved}
      {run ? (
        <Progress of={run} onDone={onClose} />
      ) : (
        <Stack gap={16}>
          <Form columns={2} write={settle}>
            <Choice
              label={words.remedy}
              hint={words.remedyHints[said.kind]}
              value={said.kind}
              onChange={(kind) => change({ kind })}
              options={kinds.map((value) => ({ value, label: words.remedies[value] }))}
            />
            <How said={said} meant={meant} change={change} />
            <TextField label={words.whyRemedy} required maxLength={200} value={said.reason} onChange={(reason) => change({ reason })} />
          </Form>
          <ErrorNote error={attempt.error} text={words.of(attempt.error)} />
          {samples && <Samples of={samples} />}
        </Stack>
      )}
    </Drawer>
  )
}

/** The best remedy first; what changes a mapping is for those who may. */
function kindsFor({ code, meanings, place, cause }: Meant, mayManage: boolean): Kind[] {
  const isOpen = cause !== 'notes'
  return [
    ...(mayManage && code !== null && meanings.length > 0 ? (['meaning'] as const) : []),
    ...(mayManage && place ? (['place'] as const) : []),
    'text',
    'read',
    ...(isOpen ? (['aside'] as const) : []),
  ]
}

function remedyOf(said: Said, { field, code, place }: Meant): Remedy | undefined {
  const { kind, meaning, segment, find, replace } = said
  const written = {
    read: { kind },
    aside: { kind },
    place: { kind, field: place?.field, text: said.place },
    meaning: { kind, field, code, meaning },
    text: { kind, segment: segment.trim().toUpperCase() || null, find, replace },
  }[kind]
  return Remedy.safeParse(written).data
}

function How({ said, meant, change }: { said: Said; meant: Meant; change: (part: Partial<Said>) => void }) {
  switch (said.kind) {
    case 'place':
      return (
        <TextField
          label={words.place({ field: fieldWord(meant.place?.field ?? '') })}
          hint={words.placeHint}
          required
          maxLength={500}
          value={said.place}
          onChange={(place) => change({ place })}
        />
      )
    case 'meaning':
      return (
        <SelectField
          label={words.chooseMeaning({ code: meant.code ?? '' })}
          required
          value={said.meaning || null}
          onChange={(meaning) => change({ meaning: meaning ?? '' })}
          options={meant.meanings.map((value) => ({ value, label: meaningWord(value) }))}
        />
      )
    case 'text':
      return (
        <>
          <TextField
            label={words.inSegment}
            hint={words.inSegmentHint}
            maxLength={3}
            value={said.segment}
            onChange={(segment) => change({ segment })}
          />
          <TextField label={words.find} required maxLength={500} value={said.find} onChange={(find) => change({ find })} />
          <TextField label={words.replaceBy} maxLength={500} value={said.replace} onChange={(replace) => change({ replace })} />
        </>
      )
    default:
      return null
  }
}

const isOwn = <T extends object>(of: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(of, key)
const meaningWord = (value: string) => (isOwn(words.values, value) ? words.values[value] : value)

function Samples({ of: { rows, total } }: { of: Tried }) {
  return (
    <section aria-label={words.triedRows({ n: total })} aria-live="polite">
      <h3>{words.triedRows({ n: total })}</h3>
      <Table of={rows} label={words.triedRows({ n: total })} plain empty={words.noGroups}>
        <Column name={words.nowState} show={(s: Sample) => <State of={s.before} />} width={170} />
        <Column name={words.thenState} show={(s: Sample) => <State of={s.after} />} width={170} />
        <Column name={words.changedLines} show={(s: Sample) => <Lines of={s} />} />
      </Table>
    </section>
  )
}

const states = ['applied', 'ignored', 'waiting', 'failed'] as const

function State({ of: { status, reason } }: { of: Sample['after'] }) {
  const known = states.find((s) => s === status)
  return (
    <>
      {known && <MessageState of={{ status: known }} />} {causeWord(reason)}
    </>
  )
}

function Lines({ of: { lines } }: { of: Sample }) {
  if (lines.length === 0) return words.unchangedLines
  return (
    <Stack gap={4}>
      {lines.map((line) => (
        <code key={line.before}>{line.after}</code>
      ))}
    </Stack>
  )
}

/** How far it is, until all are done; it goes on when this is closed. */
function Progress({ of: first, onDone }: { of: Run; onDone: () => void }) {
  const runs = useRead(deadLettersApi.runs, {}, { everySeconds: 2 })
  const run = runs.data?.rows.find((r) => r.id === first.id) ?? first
  const sentence = words.remedied({ settled: run.settled, unsettled: run.unsettled })
  return (
    <Stack gap={16}>
      <div aria-live="polite">
        {run.status === 'running' ? (
          <Banner tone="info">{words.goingOn({ done: run.settled + run.unsettled, total: run.total })}</Banner>
        ) : (
          <Banner tone={run.unsettled > 0 ? 'warning' : 'success'}>{sentence}</Banner>
        )}
      </div>
      <span>
        <Button
          onClick={() => {
            if (run.status !== 'running') notify(sentence)
            onDone()
          }}
        >
          {words.close}
        </Button>
      </span>
    </Stack>
  )
}
