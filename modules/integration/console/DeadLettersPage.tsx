import { useGo, useMe, useRead, useUrlState } from '@renxin/client'
import { Button, Column, formatMoment, Page, Panel, Row, Table, Tabs, Tag } from '@renxin/ui'
import { useState } from 'react'
import { deadLettersApi, type Group, type Like, type UnmappedCode } from '../dead-letters-contract.ts'
import { words } from '../words.ts'
import { useOwnFields } from './own-fields.ts'
import { causeWord, fieldWord, senderWord } from './phrases.tsx'
import { type Meant, RemedyDrawer } from './RemedyDrawer.tsx'
import { Replays } from './Replays.tsx'

const tabs = ['groups', 'codes', 'replays'] as const
type Tab = (typeof tabs)[number]

/** What did not apply, in groups that are settled at once; codes that need a meaning; and messages that are to be read again. */
export function DeadLettersPage() {
  const [state, setState] = useUrlState({ tab: '' })
  const tab: Tab = tabs.find((t) => t === state.tab) ?? 'groups'
  const [meant, setMeant] = useState<Meant>()
  return (
    <Page title={words.deadLettersTitle}>
      <Tabs
        label={words.deadLettersTitle}
        value={tab}
        onChange={(next) => setState({ tab: next })}
        tabs={tabs.map((key) => ({ key, label: words.deadLettersTabs[key] }))}
      />
      {tab === 'groups' && <Groups onChoose={setMeant} />}
      {tab === 'codes' && <Codes onChoose={setMeant} />}
      {tab === 'replays' && <Replays />}
      {meant && <RemedyDrawer meant={meant} onClose={() => setMeant(undefined)} />}
    </Page>
  )
}

type Choosing = { onChoose: (meant: Meant) => void }

const likeOf = (g: Group): Like => ({
  senderId: g.senderId,
  cause: g.cause,
  ...(g.cause !== 'notes' && { detail: g.detail }),
  ...(g.field !== null && { field: g.field }),
  ...(g.code !== null && { code: g.code }),
})

function Groups({ onChoose }: Choosing) {
  const { may } = useMe()
  const groups = useRead(deadLettersApi.groups, {}, { everySeconds: 30 })
  const rows = (groups.data?.rows ?? []).map((g) => ({ ...g, id: [g.senderId, g.cause, g.detail, g.field, g.code].join(' ') }))
  const mayMend = may('integration.mend')
  return (
    <Panel flush>
      <Table
        of={{ ...groups, data: groups.data && { rows } }}
        label={words.deadLettersTabs.groups}
        memory="integration.groups"
        empty={words.noGroups}
        onOpen={mayMend ? (g: Group) => onChoose({ ...g, like: likeOf(g) }) : undefined}
      >
        <Column name={words.group} show={(g: Group) => causeWord(g.cause)} width={170} />
        <Column name={words.groupDetail} show={(g: Group) => <Detail of={g} />} cut />
        <Column name={words.sender} show={(g: Group) => senderWord(g.senderName)} width={220} cut />
        <Column name={words.messagesN} show={(g: Group) => g.messages} align="end" width={90} />
        <Column name={words.firstAt} show={(g: Group) => formatMoment(g.firstAt)} width={130} />
        <Column name={words.lastAt} show={(g: Group) => formatMoment(g.lastAt)} width={130} />
        <Column show={(g: Group) => <SeeThem of={g} />} width={130} />
      </Table>
    </Panel>
  )
}

function Detail({ of: g }: { of: Group }) {
  const own = useOwnFields()
  if (g.field !== null && g.code !== null) return words.fieldCode({ field: fieldWord(g.field), code: g.code })
  if (g.field !== null) return fieldWord(g.field, own)
  return g.detail === null ? null : <Tag>{g.detail}</Tag>
}

function SeeThem({ of: g }: { of: Group }) {
  const go = useGo()
  const status = g.cause === 'notes' ? '' : 'unsettled'
  return (
    <Button size="small" onClick={() => go('integration.messages', {}, { sender: g.senderId, cause: g.cause, status })}>
      {words.seeThem}
    </Button>
  )
}

function Codes({ onChoose }: Choosing) {
  const { may } = useMe()
  const codes = useRead(deadLettersApi.unmapped, {}, { everySeconds: 30 })
  const rows = (codes.data?.rows ?? []).map((u) => ({ ...u, id: [u.senderId, u.field, u.code].join(' ') }))
  const choose = (u: UnmappedCode) =>
    onChoose({
      ...u,
      cause: 'notes',
      messages: u.times,
      place: null,
      like: { senderId: u.senderId, cause: 'notes', field: u.field, code: u.code },
    })
  return (
    <Panel flush>
      <Table of={{ ...codes, data: codes.data && { rows } }} label={words.deadLettersTabs.codes} empty={words.noCodes}>
        <Column name={words.sender} show={(u: UnmappedCode) => senderWord(u.senderName)} width={240} cut />
        <Column name={words.field} show={(u: UnmappedCode) => fieldWord(u.field)} width={150} />
        <Column name={words.code} show={(u: UnmappedCode) => <code>{u.code}</code>} cut />
        <Column name={words.times} show={(u: UnmappedCode) => u.times} align="end" width={100} />
        <Column name={words.lastSeen} show={(u: UnmappedCode) => formatMoment(u.lastAt)} width={140} />
        <Column
          show={(u: UnmappedCode) =>
            may('integration.manage') &&
            may('integration.mend') &&
            u.meanings.length > 0 && (
              <Row gap={4}>
                <Button size="small" onClick={() => choose(u)}>
                  {words.giveMeaning}
                </Button>
              </Row>
            )
          }
          width={130}
        />
      </Table>
    </Panel>
  )
}
