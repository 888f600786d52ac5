import { GoLink, useUnsaved, useWrite } from '@renxin/client'
import { Button, CheckField, Drawer, Form, notify, SelectField, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { Charset, integrationApi, ReplyMode, type Sender } from '../contract.ts'
import { words } from '../words.ts'
import { senderWord } from './phrases.tsx'

/** Who sends, in which character set, and how it is answered. Where things stand in its messages has a page of its own. */
export function SenderDrawer({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const before = {
    name: sender.name,
    charset: sender.charset,
    zone: sender.zone ?? '',
    replyMode: sender.replyMode,
    isActive: sender.isActive,
  }
  const [form, setForm] = useState(before)
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const save = useWrite(integrationApi.saveSender, {
    onSuccess: () => {
      notify(sender.unsettled > 0 ? words.savedUnsettled({ n: sender.unsettled }) : words.saved)
      onClose()
    },
  })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const submit = () => {
    const { zone, ...rest } = form
    save.send({ id: sender.id, ...rest, zone: zone.trim() || null, mapping: sender.mapping })
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
        <Button kind="primary" busy={save.isSending} onClick={submit} keys="Ctrl+Enter">
          {words.save}
        </Button>
      }
    >
      {unsaved}
      <Form columns={2} onSubmit={submit} write={save}>
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
      <Stack gap={4}>
        <GoLink to="integration.sender" params={{ id: sender.id }}>
          {words.openMapping}
        </GoLink>
        <p className="rx-note">{words.mappingNote}</p>
      </Stack>
    </Drawer>
  )
}
