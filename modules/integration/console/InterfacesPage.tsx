import { useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Choice,
  Column,
  Dialog,
  Form,
  formatMoment,
  NumberField,
  notify,
  Page,
  Panel,
  Stack,
  StatusTag,
  Table,
  type Tone,
} from '@renxin/ui'
import { BarChart } from '@renxin/ui/charts'
import { useState } from 'react'
import { type Door, type DoorState, healthApi } from '../health-contract.ts'
import { words } from '../words.ts'
import { senderWord } from './phrases.tsx'

const tones: Record<DoorState, Tone> = {
  fine: 'success',
  silent: 'danger',
  trouble: 'warning',
  learning: 'info',
  never: 'plain',
  off: 'plain',
}
const spans = ['day', 'month'] as const

/** A view is called by its source and what it is about. */
const doorWord = ({ name, subject }: Pick<Door, 'name' | 'subject'>): string =>
  subject ? words.views.viewOf({ source: name, subject: words.views.subjects[subject] }) : senderWord(name)

/** Where an interface engineer lives: every door, how it fares beside its own past, and what came through it. */
export function InterfacesPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ door: '', span: '' })
  const doors = useRead(healthApi.doors, {}, { everySeconds: 15 })
  const rows = (doors.data?.rows ?? []).map((d) => ({ ...d, id: d.door, name: doorWord(d) }))
  const [floorOf, setFloorOf] = useState<Door>()
  const opened = rows.find((d) => d.door === state.door)
  return (
    <Page title={words.interfaces.title}>
      <Stack gap={12}>
        {rows
          .filter((d) => d.state === 'silent')
          .map((d) => (
            <Banner key={d.door} tone="danger">
              {words.interfaces.silent({ name: d.name, since: formatMoment(d.silentSince ?? d.lastAt) })}
            </Banner>
          ))}
        <Panel flush title={words.interfaces.doors}>
          <Table
            of={{ ...doors, data: doors.data && { rows } }}
            label={words.interfaces.doors}
            maxHeight={380}
            memory="integration.doors"
            onOpen={(d: Door) => setState({ door: d.door === state.door ? '' : d.door })}
            opened={state.door}
            empty={words.interfaces.empty}
          >
            <Column name={words.name} show={(d: Door) => d.name} />
            <Column name={words.interfaces.kindTitle} show={(d: Door) => words.interfaces.kind[d.kind]} width={110} />
            <Column name={words.statusTitle} show={(d: Door) => <State of={d} />} width={120} />
            <Column name={words.interfaces.lastAt} show={(d: Door) => formatMoment(d.lastAt)} width={130} />
            <Column name={words.interfaces.thisHour} show={(d: Door) => d.thisHour} align="end" width={90} />
            <Column name={words.interfaces.usual} show={(d: Door) => d.usual} align="end" width={120} />
            <Column name={words.interfaces.lag} show={(d: Door) => lengthOf(d.lagSeconds)} align="end" width={100} />
            <Column name={words.interfaces.troubles} show={(d: Door) => d.troubles} align="end" width={90} />
            <Column name={words.interfaces.quiet} show={(d: Door) => lengthOf(d.quietSeconds)} align="end" width={120} />
            {may('integration.manage') && (
              <Column
                show={(d: Door) =>
                  d.floorMinutes !== null &&
                  d.kind !== 'destination' && (
                    <Button size="small" onClick={() => setFloorOf(d)}>
                      {words.interfaces.setFloor}
                    </Button>
                  )
                }
                width={110}
              />
            )}
          </Table>
        </Panel>
        <Traffic of={opened} span={spans.find((s) => s === state.span) ?? 'day'} onSpan={(span) => setState({ span })} />
        <Size />
      </Stack>
      {floorOf && <Floor of={floorOf} onClose={() => setFloorOf(undefined)} />}
    </Page>
  )
}

function State({ of: { state } }: { of: Door }) {
  return (
    <StatusTag tone={tones[state]} title={words.interfaces.stateHint[state]}>
      {words.interfaces.state[state]}
    </StatusTag>
  )
}

/** In the unit that a person would say. */
function lengthOf(seconds: number | null): string | null {
  if (seconds === null) return null
  if (Math.abs(seconds) < 120) return words.interfaces.seconds({ n: Math.round(seconds) })
  if (Math.abs(seconds) < 7200) return words.interfaces.minutes({ n: Math.round(seconds / 60) })
  return words.interfaces.hours({ n: Math.round(seconds / 360) / 10 })
}

type TrafficProps = { of: Door | undefined; span: (typeof spans)[number]; onSpan: (span: string) => void }

function Traffic({ of: door, span, onSpan }: TrafficProps) {
  const traffic = useRead(healthApi.throughput, { span, ...(door && { door: door.door }) }, { everySeconds: 60, keep: true })
  const points = traffic.data?.rows ?? []
  const title = door ? words.interfaces.trafficOf({ name: door.name }) : words.interfaces.allDoors
  const applied = points.map((p) => p.messages - p.troubles)
  return (
    <Panel
      title={words.interfaces.traffic}
      actions={
        <Choice
          label={words.interfaces.spanTitle}
          hideLabel
          value={span}
          onChange={onSpan}
          options={spans.map((value) => ({ value, label: words.interfaces.span[value] }))}
        />
      }
    >
      <BarChart
        title={title}
        stacked
        height={220}
        labels={points.map((p) => (span === 'day' ? formatMoment(p.at).slice(-5) : formatMoment(p.at).slice(0, -6)))}
        series={[
          { name: words.interfaces.messages, values: applied },
          { name: words.interfaces.waiting, values: points.map((p) => p.troubles) },
        ]}
      />
    </Panel>
  )
}

const MEGABYTE = 1024 * 1024

function Size() {
  const size = useRead(healthApi.inboxSize, {}, { everySeconds: 60 })
  if (!size.data) return null
  const { messages, bytes, oldestAt, keepDays } = size.data
  const megabytes = `${(bytes / MEGABYTE).toFixed(1)} MB`
  return (
    <p className="rx-note">
      {oldestAt
        ? words.interfaces.size({ n: messages, size: megabytes, oldest: formatMoment(oldestAt), days: keepDays })
        : words.interfaces.sizeEmpty({ days: keepDays })}
    </p>
  )
}

function Floor({ of: door, onClose }: { of: Door; onClose: () => void }) {
  const [minutes, setMinutes] = useState(door.floorMinutes)
  const save = useWrite(healthApi.saveFloor, {
    onSuccess: () => {
      notify(words.interfaces.floorSaved)
      onClose()
    },
  })
  const submit = () => {
    if (minutes) save.send({ door: door.door, floorMinutes: minutes })
  }
  return (
    <Dialog title={words.interfaces.floorTitle({ name: door.name })} onClose={onClose}>
      <Form
        onSubmit={submit}
        write={save}
        actions={
          <Button kind="primary" busy={save.isSending} disabled={!minutes} onClick={submit}>
            {words.save}
          </Button>
        }
      >
        <NumberField
          label={words.interfaces.floorMinutes}
          hint={words.interfaces.floorHint}
          required
          max={10_080}
          value={minutes}
          onChange={setMinutes}
        />
      </Form>
    </Dialog>
  )
}
