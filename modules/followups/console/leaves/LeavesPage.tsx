import { oneOf, useList, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button,
  Choice,
  Column,
  DateRangeField,
  Drawer,
  Form,
  formatDay,
  notify,
  Page,
  Panel,
  SelectField,
  Stack,
  StatusTag,
  Table,
  TextField,
  Toolbar,
} from '@renxin/ui'
import { useState } from 'react'
import { type Leave, leavesApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.leaves
const shows = ['now', 'over'] as const

/** Who is away, who has their tasks, and what became of them. */
export function LeavesPage() {
  const [state, setState] = useUrlState({ show: '', open: '' })
  const show = oneOf(shows, state.show) ?? 'now'
  const list = useList(leavesApi.leaves, { show }, { keep: true, everySeconds: 60 })
  const opened = list.rows.find((l) => l.id === state.open)
  const close = () => setState({ open: '' })
  const end = useWrite(leavesApi.endLeave, { onSuccess: ({ handed }) => notify(handed > 0 ? t.ended : t.withdrawn) })
  return (
    <Page title={t.title}>
      <Toolbar label={t.title}>
        <Choice
          label={t.state}
          hideLabel
          value={show}
          onChange={(value) => setState({ show: value, open: '' })}
          options={shows.map((value) => ({ value, label: t.shows[value] }))}
        />
        <Button kind="primary" icon="add" onClick={() => setState({ open: 'new' })}>
          {t.add}
        </Button>
      </Toolbar>
      <Panel flush>
        <Table
          of={list}
          label={t.title}
          empty={t.none}
          opened={state.open}
          {...(show === 'now' && { onOpen: (l: Leave) => setState({ open: l.id }) })}
        >
          <Column name={t.who} show={(l: Leave) => <strong>{l.userName}</strong>} />
          <Column name={t.days} width={220} show={(l: Leave) => `${formatDay(l.fromOn)} ~ ${formatDay(l.untilOn)}`} />
          <Column name={t.to} width={120} show={(l: Leave) => l.toName ?? t.pool} />
          <Column
            name={t.state}
            width={110}
            show={(l: Leave) => <StatusTag tone={l.state === 'away' ? 'info' : 'plain'}>{t.states[l.state]}</StatusTag>}
          />
          <Column name={t.handed} align="end" width={80} show={(l: Leave) => l.handed} />
          <Column name={t.done} align="end" width={110} show={(l: Leave) => l.done} />
          <Column name={t.back} align="end" width={80} show={(l: Leave) => l.back} />
          <Column name={t.kept} align="end" width={90} show={(l: Leave) => l.kept} />
          <Column name={t.note} cut show={(l: Leave) => l.note} />
          <Column name={t.madeBy} width={100} show={(l: Leave) => l.madeByName} />
          <Column
            width={120}
            show={(l: Leave) =>
              l.state !== 'over' && (
                <Button size="small" kind="quiet" busy={end.isSending} onClick={() => end.send({ id: l.id })}>
                  {l.state === 'away' ? t.end : t.withdraw}
                </Button>
              )
            }
          />
        </Table>
      </Panel>
      {(state.open === 'new' || opened) && <LeaveDrawer key={state.open} leave={opened} onClose={close} />}
    </Page>
  )
}

/** One leave: who, when, to whom. Whoever gives out tasks enters others' too. */
function LeaveDrawer({ leave, onClose }: { leave: Leave | undefined; onClose: () => void }) {
  const { user, may } = useMe()
  const [id] = useState(() => leave?.id ?? newId())
  const [userId, setUserId] = useState<string | null>(leave?.userId ?? (may('followups.work') ? user.id : null))
  const [days, setDays] = useState<readonly [string, string] | null>(leave ? [leave.fromOn, leave.untilOn] : null)
  const [toId, setToId] = useState<string | null>(leave?.toId ?? null)
  const [note, setNote] = useState(leave?.note ?? '')
  const colleagues = useRead(leavesApi.colleagues, {})
  const save = useWrite(leavesApi.saveLeave, {
    onSuccess: () => {
      notify(t.saved)
      onClose()
    },
  })
  const everybody = colleagues.data?.rows ?? []
  const people = everybody.map((c) => ({
    value: c.id,
    label: c.awayUntil ? `${c.name} · ${t.awayUntil({ day: formatDay(c.awayUntil) })}` : c.name,
  }))
  const body = { userId, fromOn: days?.[0], untilOn: days?.[1], toId, note }
  const asked = leavesApi.saveLeave.input.safeParse({ id, body })
  const send = () => asked.success && save.send(asked.data)
  return (
    <Drawer
      title={leave ? t.edit : t.add}
      size={480}
      onClose={onClose}
      footer={
        // Not the button of the form: Enter in the days would save before a colleague is chosen.
        <Button kind="primary" keys="Ctrl+Enter" disabled={!asked.success} busy={save.isSending} onClick={send}>
          {t.save}
        </Button>
      }
    >
      <Form onSubmit={send} write={save}>
        <Stack gap={12}>
          {may('followups.assign') && <SelectField label={t.who} required value={userId} onChange={setUserId} options={people} />}
          <DateRangeField label={t.days} required value={days} onChange={setDays} />
          <SelectField
            label={t.to}
            hint={t.toHint}
            placeholder={t.pool}
            value={toId}
            onChange={setToId}
            options={people.filter((p) => p.value !== userId)}
          />
          <TextField label={t.note} value={note} onChange={setNote} maxLength={200} />
        </Stack>
      </Form>
    </Drawer>
  )
}
