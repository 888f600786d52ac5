import { useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, CheckField, Choice, Drawer, Form, NumberField, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type DropFolder, ImportKind, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'

const w = words.imports
const empty = { path: '', pattern: '*.csv', kind: 'encounters' as ImportKind, isActive: true, settleSeconds: 30 }

/** Where files are dropped, what they are called, and what they hold. */
export function FolderDrawer({ folder, onClose }: { folder: DropFolder | undefined; onClose: () => void }) {
  const [id] = useState(() => folder?.id ?? newId())
  const before = folder
    ? { path: folder.path, pattern: folder.pattern, kind: folder.kind, isActive: folder.isActive, settleSeconds: folder.settleSeconds }
    : empty
  const [form, setForm] = useState(before)
  const change = (part: Partial<typeof empty>) => setForm({ ...form, ...part })
  const save = useWrite(importsApi.saveDropFolder, { onSuccess: onClose })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const isReady = importsApi.saveDropFolder.input.safeParse({ id, ...form }).success
  const submit = () => isReady && save.send({ id, ...form })
  return (
    <Drawer
      title={w.folderTitle}
      size={560}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {w.save}
        </Button>
      }
    >
      {unsaved}
      <Form columns={1} onSubmit={submit} write={save}>
        <TextField
          label={w.folderPath}
          hint={w.folderPathHint}
          required
          maxLength={200}
          value={form.path}
          onChange={(path) => change({ path })}
        />
        <TextField
          label={w.pattern}
          hint={w.patternHint}
          required
          maxLength={100}
          value={form.pattern}
          onChange={(pattern) => change({ pattern })}
        />
        <Choice
          label={w.kind}
          value={form.kind}
          onChange={(kind) => change({ kind })}
          options={ImportKind.options.map((value) => ({ value, label: w.kinds[value] }))}
        />
        <NumberField
          label={w.settle}
          hint={w.settleHint}
          min={2}
          max={3600}
          value={form.settleSeconds}
          onChange={(n) => change({ settleSeconds: n ?? 30 })}
        />
        <CheckField label={w.isActive} value={form.isActive} onChange={(isActive) => change({ isActive })} />
      </Form>
      <p className="rx-hint">{w.foldersHelp}</p>
    </Drawer>
  )
}
