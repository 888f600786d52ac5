import { useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import { Button, Column, Confirm, formatMoment, notify, Page, Panel, Row, Table, Tag } from '@renxin/ui'
import { useState } from 'react'
import { integrationApi, type Sender, type UnclaimedSender } from '../contract.ts'
import { words } from '../words.ts'
import { senderWord } from './phrases.tsx'
import { SenderDrawer } from './SenderDrawer.tsx'

/** Which systems send, how they fare, and how their messages are read. */
export function SendersPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ open: '' })
  const senders = useRead(integrationApi.senders, {}, { everySeconds: 30 })
  const opened = senders.data?.rows.find((s) => s.id === state.open)
  return (
    <Page title={words.sendersTitle}>
      {may('integration.manage') && <Unclaimed onClaimed={(senderId) => setState({ open: senderId })} />}
      <Panel flush>
        <Table
          of={senders}
          label={words.sendersTitle}
          onOpen={may('integration.manage') ? (s: Sender) => setState({ open: s.id }) : undefined}
          opened={state.open}
          empty={words.emptySenders}
        >
          <Column name={words.name} show={(s: Sender) => senderWord(s.name)} />
          <Column name={words.application} show={(s: Sender) => s.application} width={110} />
          <Column name={words.facility} show={(s: Sender) => s.facility} width={140} />
          <Column name={words.lastMessage} show={(s: Sender) => s.lastMessageAt && formatMoment(s.lastMessageAt)} width={120} />
          <Column name={words.lastDay} show={lastDayOf} width={250} />
          <Column name={words.warnings} show={(s: Sender) => <Warnings of={s} />} width={225} />
        </Table>
      </Panel>
      {opened && <SenderDrawer key={opened.id} sender={opened} onClose={() => setState({ open: '' })} />}
    </Page>
  )
}

const lastDayOf = ({ lastDay: d }: Sender) => words.lastDayFigures({ applied: d.applied, ignored: d.ignored, open: d.waiting + d.failed })

function Warnings({ of: s }: { of: Sender }) {
  return (
    <Row gap={4}>
      {s.isNew && <Tag tone="info">{words.isNew}</Tag>}
      {!s.isActive && <Tag>{words.isOff}</Tag>}
      {s.unsettled > 0 && <Tag tone="warning">{words.unsettled({ n: s.unsettled })}</Tag>}
      {s.reusedControlIds > 0 && <Tag tone="warning">{words.reusedIds({ n: s.reusedControlIds })}</Tag>}
    </Row>
  )
}

/** Senders that no hospital knows, where there are several hospitals. */
function Unclaimed({ onClaimed }: { onClaimed: (senderId: string) => void }) {
  const { hospital } = useMe()
  const unclaimed = useRead(integrationApi.unclaimed, {}, { everySeconds: 30 })
  const [asking, setAsking] = useState<UnclaimedSender>()
  const assign = useWrite(integrationApi.assign, {
    onSuccess: ({ senderId, messages }) => {
      setAsking(undefined)
      notify(words.assigned({ n: messages }))
      onClaimed(senderId)
    },
  })
  const rows = (unclaimed.data?.rows ?? []).map((u) => ({ ...u, id: `${u.application} ${u.facility}` }))
  if (rows.length === 0) return null
  return (
    <Panel flush title={words.unclaimedTitle} note={words.unclaimedNote}>
      <Table of={rows} label={words.unclaimedTitle} plain>
        <Column name={words.application} show={(u: UnclaimedSender) => u.application} />
        <Column name={words.facility} show={(u: UnclaimedSender) => u.facility} />
        <Column name={words.messagesCount} show={(u: UnclaimedSender) => u.messages} align="end" width={90} />
        <Column name={words.firstAt} show={(u: UnclaimedSender) => formatMoment(u.firstAt)} width={140} />
        <Column name={words.lastAt} show={(u: UnclaimedSender) => formatMoment(u.lastAt)} width={140} />
        <Column
          show={(u: UnclaimedSender) => (
            <Button size="small" label={`${words.assign} ${u.application} ${u.facility}`} onClick={() => setAsking(u)}>
              {words.assign}
            </Button>
          )}
          width={80}
        />
      </Table>
      {asking && (
        <Confirm
          title={words.assignTitle({ sender: nameOf(asking), hospital: hospital.name })}
          verb={words.assignVerb({ n: asking.messages })}
          busy={assign.isSending}
          error={assign.error}
          onConfirm={() => assign.send({ application: asking.application, facility: asking.facility })}
          onCancel={() => setAsking(undefined)}
        >
          {words.assignText}
        </Confirm>
      )}
    </Panel>
  )
}

const nameOf = (u: UnclaimedSender) => senderWord([u.application, u.facility].filter(Boolean).join(' · ') || '?')
