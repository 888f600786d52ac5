import { useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Banner, Button, CheckField, Drawer, ErrorNote, Form, NumberField, notify, SelectField, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Source, SourceKind, TextCharset, usualPorts, viewsApi } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { Failure } from './phrases.tsx'
import { useQuestion } from './use-question.ts'

type Fields = Omit<Source, 'id' | 'views' | 'port'> & { port: number | null; password: string }

const empty: Fields = {
  name: '',
  kind: 'oracle',
  host: '',
  port: usualPorts.oracle,
  database: '',
  username: '',
  password: '',
  tls: false,
  charset: 'declared',
  authority: '',
  isActive: true,
}

/** Where a database of the hospital is, and whether we can reach it. */
export function SourceDrawer({ source, onClose }: { source: Source | undefined; onClose: () => void }) {
  const [id] = useState(() => source?.id ?? newId())
  const [before] = useState<Fields>(() => {
    if (!source) return empty
    const { id: _, views: __, ...fields } = source
    return { ...fields, password: '' }
  })
  const [form, setForm] = useState(before)
  const change = (part: Partial<Fields>) => setForm({ ...form, ...part })
  const save = useWrite(viewsApi.saveSource, {
    onSuccess: () => {
      notify(words.views.savedSource)
      onClose()
    },
  })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const { port, password, ...rest } = form
  const isReady = [form.name, form.host, form.database, form.username].every((t) => t.trim() !== '') && port !== null && port > 0
  const secret = password === '' && source ? {} : { password }
  const submit = () => {
    if (isReady) save.send({ id, ...rest, port, ...secret })
  }
  const changeKind = (kind: Source['kind']) => change({ kind, ...(port === usualPorts[form.kind] && { port: usualPorts[kind] }) })
  return (
    <Drawer
      title={source ? words.views.sourceOf({ name: source.name }) : words.views.newSource}
      size={720}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {words.views.save}
        </Button>
      }
    >
      {unsaved}
      <Form columns={2} onSubmit={submit} write={save}>
        <TextField label={words.name} required maxLength={80} value={form.name} onChange={(name) => change({ name })} />
        <CheckField label={words.views.isActive} value={form.isActive} onChange={(isActive) => change({ isActive })} />
        <SelectField
          label={words.views.kind}
          required
          value={form.kind}
          onChange={(kind) => kind && changeKind(kind)}
          options={SourceKind.options.map((value) => ({ value, label: words.views.kinds[value] }))}
        />
        <TextField
          label={words.views.database}
          hint={words.views.databaseHint}
          required
          maxLength={128}
          value={form.database}
          onChange={(database) => change({ database })}
        />
        <TextField label={words.views.host} required maxLength={200} value={form.host} onChange={(host) => change({ host })} />
        <NumberField label={words.views.port} required max={65_535} value={port} onChange={(next) => change({ port: next })} />
        <TextField
          label={words.views.username}
          hint={words.views.usernameHint}
          required
          maxLength={128}
          value={form.username}
          onChange={(username) => change({ username })}
        />
        <TextField
          label={words.views.password}
          hint={words.views.passwordHint}
          type="password"
          autoComplete="new-password"
          {...(source && { placeholder: words.views.passwordKept })}
          maxLength={200}
          value={password}
          onChange={(next) => change({ password: next })}
        />
        <SelectField
          label={words.views.charset}
          hint={words.views.charsetHint}
          required
          value={form.charset}
          onChange={(charset) => change({ charset: charset ?? 'declared' })}
          options={TextCharset.options.map((value) => ({ value, label: words.views.charsets[value] }))}
        />
        <TextField
          label={words.views.authority}
          hint={words.views.authorityHint}
          maxLength={100}
          value={form.authority}
          onChange={(authority) => change({ authority })}
        />
        <CheckField label={words.views.tls} value={form.tls} onChange={(tls) => change({ tls })} />
      </Form>
      <Testing sourceId={id} isReady={isReady} tried={{ ...rest, port: port ?? 0, ...secret }} />
    </Drawer>
  )
}

type Tried = Omit<Fields, 'port' | 'password'> & { port: number; password?: string }

/** Tries the settings as they stand in the form. */
function Testing({ sourceId, isReady, tried }: { sourceId: string; isReady: boolean; tried: Tried }) {
  const { name: _, authority: __, isActive: ___, ...connection } = tried
  const question = useQuestion()
  const { answer } = question
  return (
    <Stack gap={12}>
      <span>
        <Button
          icon="network"
          busy={question.isWaiting}
          disabled={!isReady}
          onClick={() => question.ask({ sourceId, tried: connection, question: { what: 'relations' } })}
        >
          {words.views.test}
        </Button>
      </span>
      <div aria-live="polite">
        {question.isWaiting && words.views.testing}
        {answer?.what === 'relations' && (
          <Banner tone="success">{words.views.connected({ ms: answer.milliseconds, n: answer.relations.length })}</Banner>
        )}
        <Failure of={answer} isLate={question.isLate} />
      </div>
      <ErrorNote error={question.error} text={words.of(question.error)} />
    </Stack>
  )
}
