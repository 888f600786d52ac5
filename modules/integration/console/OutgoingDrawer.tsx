import { GoLink, useMe, useRead, useWrite } from '@renxin/client'
import {
  AskText,
  Banner,
  Button,
  Description,
  Drawer,
  ErrorNote,
  formatMoment,
  Loaded,
  notify,
  Row,
  SourceText,
  Stack,
  Tabs,
} from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { type Outgoing, writeBackApi } from '../write-back-contract.ts'
import { Explained, Texts } from './Explained.tsx'
import { LineState, troubleOf } from './write-back-phrases.tsx'

type Key = { destinationId: string; eventId: string }

/** One message to a destination: what became of it, what it is about, and its text with the fields named. */
export function OutgoingDrawer({ open, onClose }: { open: string; onClose: () => void }) {
  const { may } = useMe()
  const [destinationId = '', eventId = ''] = open.split('.')
  const key = { destinationId, eventId }
  const line = useRead(writeBackApi.outgoingLine, key)
  const again = useWrite(writeBackApi.sendAgain, { onSuccess: () => notify(words.sentAgain) })
  const title = line.data ? `${words.kind[line.data.kind]} · ${line.data.patientName}` : words.writeBackTitle
  const mayAgain = line.data?.status === 'refused' && !line.data.isCleared && may('integration.mend')
  const maySkip = line.data?.status === 'waiting' && line.data.attempts > 0 && may('integration.mend')
  const [isAsking, setAsking] = useState(false)
  const skip = useWrite(writeBackApi.setLineAside, {
    onSuccess: () => {
      setAsking(false)
      notify(words.setLineAsideDone)
    },
  })
  return (
    <Drawer
      title={title}
      size={760}
      onClose={onClose}
      footer={
        mayAgain ? (
          <Button kind="primary" icon="send" busy={again.isSending} onClick={() => again.send(key)}>
            {words.sendAgain}
          </Button>
        ) : (
          maySkip && <Button onClick={() => setAsking(true)}>{words.setLineAside}</Button>
        )
      }
    >
      <Loaded of={line}>
        {(l) => (
          <Stack gap={16}>
            <ErrorNote error={again.error} text={words.of(again.error)} />
            {troubleOf(l) && <Banner tone={l.status === 'refused' ? 'danger' : 'warning'}>{troubleOf(l)}</Banner>}
            <Summary of={l} />
            <TextOrWhyNot of={l} />
          </Stack>
        )}
      </Loaded>
      {isAsking && (
        <AskText
          question={words.setLineAsideQuestion}
          hint={words.setLineAsideHint}
          verb={words.setLineAside}
          maxLength={200}
          busy={skip.isSending}
          error={words.of(skip.error)}
          onAnswer={(reason) => skip.send({ ...key, reason })}
          onCancel={() => setAsking(false)}
        />
      )}
    </Drawer>
  )
}

function TextOrWhyNot({ of: l }: { of: Outgoing }) {
  const { may } = useMe()
  if (!may('integration.mend')) return <p>{words.outgoingForbidden}</p>
  return l.isCleared ? <p>{words.cleared}</p> : <Text of={l} />
}

function Summary({ of: l }: { of: Outgoing }) {
  return (
    <Description
      columns={3}
      items={[
        { label: words.statusTitle, value: <LineState of={l} /> },
        { label: words.destination, value: l.destinationName },
        { label: words.answer, value: l.answer },
        { label: words.createdAt, value: formatMoment(l.createdAt) },
        { label: words.doneAt, value: l.sentAt && formatMoment(l.sentAt) },
        { label: words.tries, value: l.attempts },
        l.status === 'waiting' && l.attempts > 0 && { label: words.nextTry, value: formatMoment(l.nextAt) },
        {
          label: words.about,
          wide: true,
          value: (
            <Row gap={12}>
              <GoLink to="patients.file" params={{ id: l.patientId }}>
                {words.openPatient}
              </GoLink>
              {l.kind === 'followup' && (
                <GoLink to="followups.task" params={{ id: l.objectId }}>
                  {words.openTask}
                </GoLink>
              )}
              {l.kind === 'complaint' && (
                <GoLink to="feedback.complaint" params={{ id: l.objectId }}>
                  {words.openComplaint}
                </GoLink>
              )}
            </Row>
          ),
        },
      ]}
    />
  )
}

function Text({ of: { destinationId, eventId } }: { of: Key }) {
  const key = { destinationId, eventId }
  const text = useRead(writeBackApi.outgoingText, key)
  const [tab, setTab] = useState<'explained' | 'raw'>('explained')
  return (
    <Loaded of={text} lines={8}>
      {(t) => (
        <Stack gap={8}>
          {t.segments.length === 0 ? (
            <SourceText label={words.raw}>{t.message}</SourceText>
          ) : (
            <Tabs
              label={words.lines}
              value={tab}
              onChange={setTab}
              tabs={[
                { key: 'explained', label: words.explained, content: <Explained segments={t.segments} /> },
                { key: 'raw', label: words.raw, content: <Texts text={t.message} /> },
              ]}
            />
          )}
          <p className="rx-note">{words.rawRecorded}</p>
        </Stack>
      )}
    </Loaded>
  )
}
