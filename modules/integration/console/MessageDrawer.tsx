import { GoLink, useMe, useRead, useWrite } from '@renxin/client'
import {
  AskText,
  Button,
  Description,
  Drawer,
  ErrorNote,
  formatMoment,
  Loaded,
  notify,
  Panel,
  Row,
  SourceText,
  Stack,
  Tabs,
  Tag,
} from '@renxin/ui'
import { useState } from 'react'
import { integrationApi, type MessageFile } from '../contract.ts'
import { words } from '../words.ts'
import { Explained, Facts, notesOf } from './Explained.tsx'
import { eventOf, MessageState, reasonOf } from './MessagesPage.tsx'

/** One message: what became of it and why, what it says, and what can be done. */
export function MessageDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { may } = useMe()
  const message = useRead(integrationApi.message, { id })
  const title = message.data
    ? words.messageTitle({ event: eventOf(message.data), controlId: message.data.controlId || '—' })
    : words.messagesTitle
  return (
    <Drawer title={title} size={760} onClose={onClose} footer={message.data && may('integration.mend') && <Actions of={message.data} />}>
      <Loaded of={message}>
        {(m) => (
          <Stack gap={16}>
            <Summary of={m} />
            {may('integration.mend') ? <Text id={m.id} /> : <p>{words.rawForbidden}</p>}
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}

function Summary({ of: m }: { of: MessageFile }) {
  return (
    <Description
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
        { label: words.sender, value: m.senderName },
        { label: words.receivedAt, value: formatMoment(m.receivedAt) },
        { label: words.sentAt, value: m.sentAt && formatMoment(m.sentAt) },
        { label: words.visitNumber, value: m.visitNumber },
        { label: words.charset, value: m.charset },
        { label: words.attempts, value: m.attempts },
        { label: words.appliedAt, value: m.appliedAt && formatMoment(m.appliedAt) },
        m.reason !== null && { label: words.reasonTitle, value: reasonOf(m.reason), wide: true },
        m.detail !== null && { label: words.detail, value: m.detail, wide: true },
        m.notes.length > 0 && { label: words.notesTitle, value: notesOf(m.notes), wide: true },
        { label: words.changedTitle, value: <Changed of={m} />, wide: true },
      ]}
    />
  )
}

function Changed({ of: m }: { of: MessageFile }) {
  if (!m.patientId) return words.nothingChanged
  return (
    <Row gap={12}>
      <GoLink to="patients.file" params={{ id: m.patientId }}>
        {words.openPatient}
      </GoLink>
      {m.encounterId && (
        <GoLink to="encounters.list" search={{ open: m.encounterId }}>
          {words.openEncounter}
        </GoLink>
      )}
    </Row>
  )
}

/** The text, its fields by name, and what it says once translated. */
function Text({ id }: { id: string }) {
  const raw = useRead(integrationApi.raw, { id })
  const [tab, setTab] = useState<'explained' | 'facts' | 'raw'>('explained')
  return (
    <Panel title={words.raw} note={words.rawRecorded}>
      <Loaded of={raw}>
        {(r) => (
          <Tabs
            label={words.raw}
            value={tab}
            onChange={setTab}
            tabs={[
              { key: 'explained', label: words.explained, content: <Explained segments={r.segments} /> },
              { key: 'facts', label: words.factsTitle, content: <Facts of={r.facts} /> },
              {
                key: 'raw',
                label: words.raw,
                content: (
                  <Stack gap={12}>
                    <SourceText label={words.raw}>{r.text}</SourceText>
                    {r.mended && (
                      <>
                        <strong>{words.asMended}</strong>
                        <SourceText label={words.asMended}>{r.mended}</SourceText>
                      </>
                    )}
                  </Stack>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  )
}

function Actions({ of: m }: { of: MessageFile }) {
  const [asking, setAsking] = useState<'text' | 'aside'>()
  const raw = useRead(integrationApi.raw, { id: m.id })
  const done = {
    onSuccess: (now: MessageFile) => {
      setAsking(undefined)
      notify(words.replayed({ status: words.status[now.status] }))
    },
  }
  const replay = useWrite(integrationApi.replay, done)
  const mend = useWrite(integrationApi.mend, done)
  const setAside = useWrite(integrationApi.setAside, done)
  const isOpen = m.status === 'waiting' || m.status === 'failed'
  return (
    <>
      <ErrorNote error={replay.error} text={words.of(replay.error)} />
      {isOpen && <Button onClick={() => setAsking('aside')}>{words.setAside}</Button>}
      {isOpen && (
        <Button icon="edit" disabled={!raw.data} onClick={() => setAsking('text')}>
          {words.edit}
        </Button>
      )}
      <Button kind="primary" icon="refresh" busy={replay.isSending} onClick={() => replay.send({ id: m.id })}>
        {words.replay}
      </Button>
      {asking === 'text' && raw.data && (
        <AskText
          question={words.editQuestion}
          hint={words.editHint}
          verb={words.saveAndRead}
          initial={raw.data.mended ?? raw.data.text}
          busy={mend.isSending}
          error={words.of(mend.error)}
          onAnswer={(text) => mend.send({ id: m.id, text })}
          onCancel={() => setAsking(undefined)}
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
