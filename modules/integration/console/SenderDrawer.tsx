import { GoLink, useGo, useRead, useUnsaved, useWrite } from '@renxin/client'
import { Button, CheckField, Drawer, ErrorNote, Form, notify, Panel, SelectField, Stack, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { Charset, integrationApi, MappingProblem, Profile, ReplyMode, type Sender } from '../contract.ts'
import { words } from '../words.ts'
import { Explained, notesOf, problemText } from './Explained.tsx'
import { Facts } from './Facts.tsx'
import { MappingHelp } from './MappingHelp.tsx'
import { senderWord } from './phrases.tsx'

/** How the messages of one sender are read, and a place to try it, with the message that somebody came from. */
export function SenderDrawer({ sender, messageId, onClose }: { sender: Sender; messageId?: string | undefined; onClose: () => void }) {
  const before = {
    name: sender.name,
    charset: sender.charset,
    zone: sender.zone ?? '',
    replyMode: sender.replyMode,
    isActive: sender.isActive,
    mapping: JSON.stringify(sender.mapping, null, 2),
  }
  const [form, setForm] = useState(before)
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const go = useGo()
  const save = useWrite(integrationApi.saveSender, {
    onSuccess: () => {
      notify(sender.unsettled > 0 ? words.savedUnsettled({ n: sender.unsettled }) : words.saved)
      if (messageId) go('integration.messages', {}, { sender: sender.id, open: messageId })
      else onClose()
    },
  })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const read = readProfile(form.mapping)
  const problems = problemsOf(save.error)
  const submit = () => {
    if ('profile' in read) {
      const { mapping: _, zone, ...rest } = form
      save.send({ id: sender.id, ...rest, zone: zone.trim() || null, mapping: read.profile })
    }
  }
  return (
    <Drawer
      title={words.settingsOf({ name: senderWord(sender.name) })}
      size={760}
      onClose={onClose}
      extra={
        <GoLink to="integration.messages" search={{ sender: sender.id, ...(sender.unsettled > 0 && { status: 'unsettled' }) }}>
          {words.seeMessages}
        </GoLink>
      }
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!('profile' in read)} onClick={submit} keys="Ctrl+Enter">
          {words.save}
        </Button>
      }
    >
      {unsaved}
      <Form columns={2} onSubmit={submit} error={save.error} errorText={words.of(save.error)}>
        <TextField label={words.name} required maxLength={80} value={form.name} onChange={(name) => change({ name })} />
        <CheckField label={words.isActive} value={form.isActive} onChange={(isActive) => change({ isActive })} />
        <SelectField
          label={words.charset}
          hint={words.charsetHint}
          value={form.charset}
          onChange={(value) => change({ charset: value ?? 'auto' })}
          options={Charset.options.map((value) => ({ value, label: words.charsets[value] }))}
        />
        <SelectField
          label={words.replyMode}
          value={form.replyMode}
          onChange={(value) => change({ replyMode: value ?? 'auto' })}
          options={ReplyMode.options.map((value) => ({ value, label: words.replyModes[value] }))}
        />
        <TextField
          label={words.zone}
          hint={words.zoneHint}
          placeholder="Asia/Shanghai"
          maxLength={60}
          value={form.zone}
          onChange={(zone) => change({ zone })}
        />
      </Form>
      <TextArea
        label={words.mapping}
        hint={words.mappingHint}
        rows={10}
        value={form.mapping}
        onChange={(mapping) => change({ mapping })}
        error={'why' in read ? words.notJson({ why: read.why }) : problems.map(problemText).join(' ') || undefined}
      />
      <MappingHelp />
      {'profile' in read && <TryMapping profile={read.profile} messageId={messageId} />}
    </Drawer>
  )
}

/** Reads a pasted message by the mapping as it stands in the form. */
function TryMapping({ profile, messageId }: { profile: Profile; messageId?: string | undefined }) {
  const raw = useRead(integrationApi.raw, { id: messageId ?? '' }, { enabled: messageId !== undefined })
  const [typed, setText] = useState<string>()
  const text = typed ?? raw.data?.mended ?? raw.data?.text ?? ''
  const tried = useWrite(integrationApi.testMapping, { onSuccess: (reply) => setResult(reply) })
  const [result, setResult] = useState<Awaited<ReturnType<typeof tried.sendAsync>>>()
  return (
    <Panel title={words.tryIt} note={words.tryHint}>
      <Stack gap={12}>
        <TextArea label={words.tryText} rows={5} value={text} onChange={setText} />
        <span>
          <Button icon="play" busy={tried.isSending} disabled={text.trim() === ''} onClick={() => tried.send({ mapping: profile, text })}>
            {words.tryNow}
          </Button>
        </span>
        <ErrorNote error={tried.error} text={words.of(tried.error)} />
        {result && (
          <div aria-live="polite">
            <p>
              {words.tried({ status: words.status[result.outcome] })} {result.reason && words.reasons[result.reason]}
            </p>
            {result.problems.length > 0 && (
              <ul>
                {result.problems.map((p) => (
                  <li key={p.entry}>{problemText(p)}</li>
                ))}
              </ul>
            )}
            {result.notes.length > 0 && notesOf(result.notes)}
            <Facts of={result.facts} />
            <Explained segments={result.segments} />
          </div>
        )}
      </Stack>
    </Panel>
  )
}

function readProfile(text: string): { profile: Profile } | { why: string } {
  try {
    const read = Profile.safeParse(JSON.parse(text))
    return read.success ? { profile: read.data } : { why: '{ … }' }
  } catch (error) {
    return { why: error instanceof Error ? error.message : '' }
  }
}

/** What the server found wrong with the mapping. */
function problemsOf(error: { details?: unknown } | null): MappingProblem[] {
  const details = error && 'details' in error ? error.details : undefined
  const problems = typeof details === 'object' && details !== null && 'problems' in details ? details.problems : undefined
  return MappingProblem.array().safeParse(problems).data ?? []
}
