import { useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Column,
  ErrorNote,
  formatCount,
  formatMoment,
  Loaded,
  Page,
  Panel,
  Stack,
  StatusTag,
  Table,
  type Tone,
} from '@renxin/ui'
import { useState } from 'react'
import {
  type Alarm,
  type HealthCheck,
  type HealthItem,
  type HealthProcess,
  type HealthState,
  installationApi,
  type Tried,
} from '../contract.ts'
import { words } from '../words.ts'
import { KeysPanel } from './KeysPanel.tsx'
import { Original } from './Original.tsx'
import { sayFailed, sayFinding, sayTodo, sayTried } from './say.ts'

const tones: Record<HealthState, Tone> = { good: 'success', warning: 'warning', bad: 'danger' }
const urgency: readonly HealthState[] = ['bad', 'warning', 'good']

/** Each thing that the system stands on: how it is, what that means, what to do, and a button that tries it. */
export function HealthPage() {
  const health = useRead(installationApi.health, {}, { everySeconds: 15 })
  const [tried, setTried] = useState<Partial<Record<HealthItem, Tried>>>({})
  const test = useWrite(installationApi.tryHealth, { onSuccess: (result) => setTried((before) => ({ ...before, [result.item]: result })) })
  const [asked, setAsked] = useState<HealthItem>()

  return (
    <Page title={words.health.title}>
      <Loaded of={health}>
        {({ checks, alarms, processes }) => (
          <Stack gap={12}>
            <Summary of={checks} />
            <PutOff of={alarms} />
            <ErrorNote error={test.error} />
            <Panel flush title={words.health.checks}>
              <Table of={sorted(checks)} label={words.health.checks} rowKey={(c: HealthCheck) => c.item} rowTone={toneOf} plain>
                <Column name={words.health.item} show={(c: HealthCheck) => words.health.items[c.item]} width={110} />
                <Column
                  name={words.health.state}
                  show={(c: HealthCheck) => <StatusTag tone={tones[c.state]}>{words.health.states[c.state]}</StatusTag>}
                  width={100}
                />
                <Column
                  name={words.health.finding}
                  show={(c: HealthCheck) => (
                    <>
                      <div>{sayFinding(c)}</div>
                      <TriedNote of={tried[c.item]} />
                    </>
                  )}
                />
                <Column name={words.health.todo} show={(c: HealthCheck) => sayTodo(c)} width={380} />
                <Column
                  show={(c: HealthCheck) => (
                    <Button
                      size="small"
                      label={words.health.testOf({ item: words.health.items[c.item] })}
                      busy={test.isSending && asked === c.item}
                      disabled={test.isSending}
                      onClick={() => {
                        setAsked(c.item)
                        test.send({ item: c.item })
                      }}
                    >
                      {words.health.test}
                    </Button>
                  )}
                  width={90}
                />
              </Table>
            </Panel>
            <ProcessList of={processes} />
            <KeysPanel />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

const sorted = (checks: HealthCheck[]) => checks.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state))
const toneOf = (c: HealthCheck): Tone | undefined => (c.state === 'good' ? undefined : tones[c.state])

function Summary({ of: checks }: { of: HealthCheck[] }) {
  const count = (state: HealthState) => checks.filter((c) => c.state === state).length
  if (count('bad') > 0) return <Banner tone="danger">{words.health.someBad({ n: count('bad') })}</Banner>
  if (count('warning') > 0) return <Banner tone="warning">{words.health.someWarn({ n: count('warning') })}</Banner>
  return <Banner tone="success">{words.health.allGood}</Banner>
}

/** Who has seen what is red and asked for no banner of it. */
function PutOff({ of: alarms }: { of: readonly Alarm[] }) {
  const recall = useWrite(installationApi.recallAlarms)
  const rows = alarms.flatMap((a) => (a.putOff ? [{ item: a.item, ...a.putOff }] : []))
  const [first] = rows
  if (!first) return null
  return (
    <Banner
      actions={
        <Button size="small" busy={recall.isSending} onClick={() => recall.send({})}>
          {words.health.recall}
        </Button>
      }
    >
      {words.health.isPutOff({
        name: [...new Set(rows.map((r) => r.byName))].join('、'),
        at: formatMoment(first.at),
        until: formatMoment(first.until),
        items: rows.map((r) => words.health.items[r.item]).join('、'),
      })}
    </Banner>
  )
}

function TriedNote({ of: tried }: { of: Tried | undefined }) {
  if (!tried) return <div aria-live="polite" />
  const seconds = tried.seconds.toFixed(1)
  const text = tried.ok
    ? words.health.tryGood({ seconds, what: sayTried(tried) })
    : words.health.tryBad({ seconds, what: sayFailed(tried) })
  return (
    <div aria-live="polite">
      <StatusTag tone={tried.ok ? 'success' : 'danger'}>{text}</StatusTag>
      {tried.fault && <Original text={tried.what} />}
    </div>
  )
}

function ProcessList({ of: processes }: { of: HealthProcess[] }) {
  return (
    <Panel flush title={words.health.processes}>
      <Table of={processes} label={words.health.processes} empty={words.health.noProcesses} plain>
        <Column name={words.health.host} show={(p: HealthProcess) => `${p.host} (${p.pid})`} />
        <Column
          name={words.health.roles}
          show={(p: HealthProcess) => (p.isLeading ? `${p.roles.join(', ')} · ${words.health.leading}` : p.roles.join(', '))}
        />
        <Column name={words.health.version} show={(p: HealthProcess) => p.version} width={90} />
        <Column name={words.health.since} show={(p: HealthProcess) => formatMoment(p.startedAt)} width={140} />
        <Column
          name={words.health.lastSeen}
          show={(p: HealthProcess) => words.health.secondsAgo({ n: Math.max(0, Math.round(p.secondsSilent)) })}
          width={110}
        />
        <Column
          name={words.health.memoryUsed}
          align="end"
          show={(p: HealthProcess) => p.megabytes !== null && `${formatCount(p.megabytes)} MB`}
          width={110}
        />
      </Table>
    </Panel>
  )
}
