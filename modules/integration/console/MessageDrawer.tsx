import { GoLink, useGo, useMe, useRead, useWrite } from '@renxin/client'
import { AskText, Banner, Button, Description, Drawer, ErrorNote, formatMoment, Loaded, notify, Row, Stack, Tabs, Tag } from '@renxin/ui'
import { useState } from 'react'
import { Cause, integrationApi, type MessageFile } from '../contract.ts'
import { words } from '../words.ts'
import { ReplayAll } from './Causes.tsx'
import { Explained, Notes, Texts } from './Explained.tsx'
import { Changes, Facts } from './Facts.tsx'
import { MendText } from './MendText.tsx'
import { eventOf, MessageState, reasonOf, senderWord } from './phrases.tsx'

const isOpen = (m: MessageFile) => m.status === 'waiting' || m.status === 'failed'

/** One message: what became of it and why, what it changed, what it says, and what can be done. */
export function MessageDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { may } = useMe()
  const message = useRead(integrationApi.message, { id })
  const title = message.data
    ? words.messageTitle({ event: eventOf(message.data) ?? words.notWritten, controlId: message.data.controlId || '—' })
    : words.messagesTitle
  return (
    <Drawer title={title} size={760} onClose={onClose} footer={message.data && may('integration.mend') && <Actions of={message.data} />}>
      <Loaded of={message}>
        {(m) => (
          <Stack gap={16}>
            {m.reason !== null && (
              <Banner tone={isOpen(m) ? (m.status === 'failed' ? 'danger' : 'warning') : 'info'}>
                {reasonOf(m.reason)}
                {m.detail !== null && ` ${words.detail} ${m.detail}`}
              </Banner>
            )}
            {m.notes.length > 0 && (
              <Banner tone="warning">
                <Notes of={m.notes} />
              </Banner>
            )}
            <Summary of={m} />
            {may('integration.mend') ? <Text of={m} /> : <p>{words.rawForbidden}</p>}
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}

function Summary({ of: m }: { of: MessageFile }) {
  return (
    <Description
      columns={3}
      items={[
        {
          label: words.statusTitle,
          value: (
            <Row gap={4}>
              <MessageState of={m} />
              {m.isMended && <Tag tone="info">{words.mended}</Tag>}
              {m.reusesControlId && <Tag tone="warning">{words.duplicateId}</Tag>}
            </Row>
          ),
        },
        { label: words.sender, value: senderWord(m.senderName) },
        { label: words.visitNumber, value: m.visitNumber },
        { label: words.sentAt, value: m.sentAt && formatMoment(m.sentAt) },
        { label: words.receivedAt, value: formatMoment(m.receivedAt) },
        { label: words.appliedAt, value: m.appliedAt && formatMoment(m.appliedAt) },
        { label: words.charset, value: m.charset },
        { label: words.attempts, value: m.attempts },
        m.mendedAt !== null && {
          label: words.handledBy,
          value: [words.handledOf({ name: m.mendedBy ?? '', at: formatMoment(m.mendedAt) }), m.mendReason].filter(Boolean).join(' · '),
        },
        { label: words.about, value: <Links of={m} /> },
      ]}
    />
  )
}

function Links({ of: m }: { of: MessageFile }) {
  if (!m.patientId) return words.nothingChanged
  return (
    <Row gap={12}>
      <GoLink to="patients.file" params={{ id: m.patientId }}>
        {words.openPatient}
      </GoLink>
      {m.encounterId && (
        <GoLink to="encounters.stay" params={{ id: m.encounterId }}>
          {words.openEncounter}
        </GoLink>
      )}
      <GoLink to="integration.messages" search={{ patient: m.patientId }}>
        {words.samePatient}
      </GoLink>
    </Row>
  )
}

type Tab = 'changes' | 'explained' | 'facts' | 'raw'

/** What it changed, what it says once translated, its fields by name, and the text itself. */
function Text({ of: m }: { of: MessageFile }) {
  const raw = useRead(integrationApi.raw, { id: m.id })
  const [chosen, setTab] = useState<Tab>()
  const tab = chosen ?? (isOpen(m) ? 'explained' : m.status === 'applied' ? 'changes' : 'explained')
  return (
    <Loaded of={raw} lines={8}>
      {(r) => (
        <Stack gap={8}>
          <Tabs
            label={words.messagesTitle}
            value={tab}
            onChange={setTab}
            tabs={[
              { key: 'changes', label: words.changedTitle, content: <Changes of={r} /> },
              { key: 'facts', label: words.factsTitle, content: <Facts of={r.facts} /> },
              { key: 'explained', label: words.explained, content: <Explained segments={r.segments} /> },
              { key: 'raw', label: words.raw, content: <Texts text={r.text} mended={r.mended} /> },
            ]}
          />
          <p className="rx-note">{words.rawRecorded}</p>
        </Stack>
      )}
    </Loaded>
  )
}

function Actions({ of: m }: { of: MessageFile }) {
  const { may } = useMe()
  const go = useGo()
  const [asking, setAsking] = useState<'text' | 'aside'>()
  const raw = useRead(integrationApi.raw, { id: m.id })
  const done = {
    onSuccess: (now: MessageFile) => {
      setAsking(undefined)
      notify(words.replayed({ status: words.status[now.status] }), { tone: isOpen(now) ? 'warning' : 'success' })
    },
  }
  const replay = useWrite(integrationApi.replay, done)
  const mend = useWrite(integrationApi.mend, done)
  const setAside = useWrite(integrationApi.setAside, done)
  const cause = Cause.safeParse(isOpen(m) ? m.reason : m.status === 'applied' && m.notes.length > 0 ? 'notes' : null).data
  return (
    <>
      <ErrorNote error={replay.error} text={words.of(replay.error)} />
      {isOpen(m) && <Button onClick={() => setAsking('aside')}>{words.setAside}</Button>}
      {may('integration.manage') && (
        <Button icon="settings" onClick={() => go('integration.sender', { id: m.senderId }, { message: m.id })}>
          {words.openMapping}
        </Button>
      )}
      {isOpen(m) && (
        <Button icon="edit" disabled={!raw.data} onClick={() => setAsking('text')}>
          {words.edit}
        </Button>
      )}
      {cause && <ReplayAll cause={cause} sender={{ id: m.senderId, name: senderWord(m.senderName) }} verb={words.replaySame} />}
      <Button kind="primary" icon="refresh" busy={replay.isSending} onClick={() => replay.send({ id: m.id })}>
        {words.replay}
      </Button>
      {asking === 'text' && raw.data && (
        <MendText
          initial={raw.data.mended ?? raw.data.text}
          busy={mend.isSending}
          error={words.of(mend.error)}
          onMend={(said) => mend.send({ id: m.id, ...said })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'aside' && (
        <AskText
          question={words.setAsideQuestion}
          hint={words.setAsideHint}
          verb={words.setAside}
          maxLength={200}
          busy={setAside.isSending}
          error={words.of(setAside.error)}
          onAnswer={(reason) => setAside.send({ id: m.id, reason })}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </>
  )
}
