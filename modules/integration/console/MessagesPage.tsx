import { useList, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import {
  Button,
  CheckField,
  Column,
  Confirm,
  DateRangeField,
  formatMoment,
  notify,
  Page,
  Panel,
  Row,
  SelectField,
  StatusTag,
  Table,
  Tag,
  TextField,
  type Tone,
  Toolbar,
} from '@renxin/ui'
import { useState } from 'react'
import { integrationApi, type MessageRow, MessageStatus, Reason } from '../contract.ts'
import { words } from '../words.ts'
import { MessageDrawer } from './MessageDrawer.tsx'

/** Everything the hospital's systems sent: what became of it, and what to do about what did not apply. */
export function MessagesPage() {
  const { may } = useMe()
  const [filters, setFilters] = useUrlState({ status: '', sender: '', event: '', visit: '', from: '', to: '', reused: false, open: '' })
  const senders = useRead(integrationApi.senders, {})
  const status = MessageStatus.safeParse(filters.status).data
  const list = useList(
    integrationApi.messages,
    {
      ...(status && { status }),
      ...(filters.sender && { senderId: filters.sender }),
      ...(filters.event && { event: filters.event }),
      ...(filters.visit && { visitNumber: filters.visit }),
      ...(filters.reused && { reused: 'yes' as const }),
      ...(filters.from && { from: filters.from }),
      ...(filters.to && { to: filters.to }),
    },
    { keep: true },
  )
  const opened = list.rows.find((m) => m.id === filters.open)

  return (
    <Page title={words.messagesTitle} actions={may('integration.mend') && <ReplayAll of={opened} />}>
      <Toolbar label={words.messagesTitle}>
        <SelectField
          label={words.statusTitle}
          hideLabel
          placeholder={words.allStatuses}
          value={status ?? null}
          onChange={(value) => setFilters({ status: value ?? '', open: '' })}
          options={MessageStatus.options.map((s) => ({ value: s, label: words.status[s] }))}
        />
        <SelectField
          label={words.sender}
          hideLabel
          placeholder={words.allSenders}
          value={filters.sender || null}
          onChange={(value) => setFilters({ sender: value ?? '', open: '' })}
          options={(senders.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
        />
        <TextField
          label={words.event}
          hideLabel
          placeholder={`${words.event}(${words.eventHint})`}
          maxLength={10}
          value={filters.event}
          onChange={(event) => setFilters({ event })}
        />
        <TextField
          label={words.visitNumber}
          hideLabel
          placeholder={words.visitNumber}
          maxLength={100}
          value={filters.visit}
          onChange={(visit) => setFilters({ visit })}
        />
        <DateRangeField
          label={words.period}
          hideLabel
          value={filters.from && filters.to ? [filters.from, filters.to] : null}
          onChange={(value) => setFilters({ from: value?.[0] ?? '', to: value?.[1] ?? '' })}
        />
        <CheckField label={words.onlyReused} value={filters.reused} onChange={(reused) => setFilters({ reused })} />
      </Toolbar>
      <Panel flush>
        <Table
          of={list}
          label={words.messagesTitle}
          onOpen={(m: MessageRow) => setFilters({ open: m.id })}
          opened={filters.open}
          memory="integration.messages"
          empty={words.emptyMessages}
        >
          <Column name={words.receivedAt} show={(m: MessageRow) => formatMoment(m.receivedAt)} width={140} />
          <Column name={words.event} show={(m: MessageRow) => eventOf(m)} width={110} />
          <Column name={words.sender} show={(m: MessageRow) => m.senderName} cut />
          <Column name={words.visitNumber} show={(m: MessageRow) => m.visitNumber} width={160} />
          <Column name={words.controlId} show={(m: MessageRow) => <ControlId of={m} />} width={190} />
          <Column name={words.sentAt} show={(m: MessageRow) => formatMoment(m.sentAt)} width={140} hidden />
          <Column name={words.statusTitle} show={(m: MessageRow) => <MessageState of={m} />} width={100} />
          <Column name={words.reasonTitle} show={(m: MessageRow) => reasonOf(m.reason)} cut />
        </Table>
      </Panel>
      {filters.open && <MessageDrawer id={filters.open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}

export const eventOf = (m: { type: string; event: string }): string => [m.type, m.event].filter(Boolean).join('^') || '?'

export function reasonOf(reason: string | null): string | null {
  const known = Reason.safeParse(reason)
  return known.success ? words.reasons[known.data] : reason
}

const tones: Record<MessageStatus, Tone> = { applied: 'success', ignored: 'plain', waiting: 'warning', failed: 'danger' }

export function MessageState({ of: m }: { of: Pick<MessageRow, 'status'> }) {
  return <StatusTag tone={tones[m.status]}>{words.status[m.status]}</StatusTag>
}

function ControlId({ of: m }: { of: MessageRow }) {
  return (
    <Row gap={4}>
      <span>{m.controlId}</span>
      {m.reusesControlId && <Tag tone="warning">{words.duplicateId}</Tag>}
    </Row>
  )
}

/** Reads again all that wait for the reason of the message that is open. */
function ReplayAll({ of: message }: { of: MessageRow | undefined }) {
  const [isAsking, setAsking] = useState(false)
  const replay = useWrite(integrationApi.replayAll, {
    onSuccess: ({ applied, unsettled, left }) => {
      setAsking(false)
      notify((left ? words.replayedSome : words.replayedAll)({ applied, unsettled }))
    },
  })
  const cause = Reason.safeParse(message?.reason).data
  if (!cause || !message || (message.status !== 'waiting' && message.status !== 'failed')) return null
  return (
    <>
      <Button icon="refresh" onClick={() => setAsking(true)}>
        {words.replayAll}
      </Button>
      {isAsking && (
        <Confirm
          title={words.replayAllTitle}
          verb={words.replayAll}
          onConfirm={() => replay.send({ cause })}
          onCancel={() => setAsking(false)}
        >
          {words.replayAllText({ reason: words.reasons[cause] })}
        </Confirm>
      )}
    </>
  )
}
