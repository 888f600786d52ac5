import { useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button,
  CheckField,
  Column,
  Confirm,
  DateField,
  Drawer,
  ErrorNote,
  Form,
  MultiSelectField,
  NumberField,
  notify,
  Panel,
  SelectField,
  Stack,
  Table,
  TextArea,
} from '@renxin/ui'
import { useEffect, useState } from 'react'
import { CodeTables, type ColumnMapping } from '../../columns-contract.ts'
import { type Answer, From, type Source, Subject, targetOf, type View, viewsApi } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { DryRun } from './DryRun.tsx'
import { MappingTable, samplesOf } from './MappingTable.tsx'
import { Failure } from './phrases.tsx'
import { RelationField } from './RelationField.tsx'
import { useQuestion } from './use-question.ts'

export type ViewForm = {
  subject: Subject
  isSelect: boolean
  schema: string
  name: string
  select: string
  keys: string[]
  update: string | null
  mapping: ColumnMapping
  codes: string
  everySeconds: number | null
  startOn: string | null
  isActive: boolean
}

const formOf = (view: View | undefined): ViewForm => ({
  subject: view?.subject ?? 'discharges',
  isSelect: view !== undefined && 'select' in view.from,
  schema: view && 'name' in view.from ? view.from.schema : '',
  name: view && 'name' in view.from ? view.from.name : '',
  select: view && 'select' in view.from ? view.from.select : '',
  keys: view?.keys ?? [],
  update: view?.update ?? null,
  mapping: view?.mapping ?? {},
  codes: JSON.stringify(view?.codes ?? {}, null, 2),
  everySeconds: view?.everySeconds ?? 300,
  startOn: view?.startOn ?? null,
  isActive: view?.isActive ?? false,
})

/** What is read of a source: which view, what its columns say, and a look at what would come of it. */
export function ViewDrawer({ source, view, onClose }: { source: Source; view: View | undefined; onClose: () => void }) {
  const [id] = useState(() => view?.id ?? newId())
  const [before] = useState(() => formOf(view))
  const [form, setForm] = useState(before)
  const change = (part: Partial<ViewForm>) => setForm((now) => ({ ...now, ...part }))
  const save = useWrite(viewsApi.saveView, {
    onSuccess: () => {
      notify(words.views.savedView)
      onClose()
    },
  })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const look = useQuestion()
  const columns = look.answer?.what === 'columns' ? look.answer : undefined
  useEffect(() => {
    if (!columns) return
    setForm((now) => {
      const isNew = Object.keys(now.mapping).length === 0 // what somebody has put right is not guessed over
      return isNew ? { ...now, mapping: columns.mapping, keys: columns.keys, update: columns.update } : now
    })
  }, [columns])

  const target = targetOf[form.subject]
  const from = From.safeParse(form.isSelect ? { select: form.select } : { schema: form.schema, name: form.name }).data
  const codes = readCodes(form.codes)
  const { everySeconds } = form
  const isReady = from !== undefined && 'tables' in codes && form.keys.length > 0 && everySeconds !== null && everySeconds >= 60
  const submit = () => {
    if (!isReady) return
    const { subject, keys, update, mapping, startOn, isActive } = form
    save.send({ id, sourceId: source.id, subject, from, keys, update, mapping, codes: codes.tables, everySeconds, startOn, isActive })
  }
  const names = columns?.columns.map((c) => c.name) ?? []
  const options = [...new Set([...names, ...form.keys, ...(form.update ? [form.update] : [])])].map((value) => ({ value, label: value }))
  const subjectWord = words.views.subjects[form.subject]
  return (
    <Drawer
      title={view ? words.views.viewOf({ source: source.name, subject: subjectWord }) : words.views.newView({ source: source.name })}
      size={1080}
      onClose={onClose}
      extra={view && <Reload view={view} name={words.views.viewOf({ source: source.name, subject: subjectWord })} />}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {words.views.save}
        </Button>
      }
    >
      {unsaved}
      <Stack>
        <Form columns={2} onSubmit={submit} write={save}>
          <SelectField
            label={words.views.subject}
            required
            value={form.subject}
            onChange={(subject) => subject && change({ subject, mapping: {} })}
            options={Subject.options.map((value) => ({ value, label: words.views.subjects[value] }))}
          />
          <CheckField label={words.views.isActive} value={form.isActive} onChange={(isActive) => change({ isActive })} />
        </Form>
        <RelationField source={source} form={form} change={change} />
        <Stack gap={12}>
          <span>
            <Button
              icon="eye"
              busy={look.isWaiting}
              disabled={!from}
              onClick={() => from && look.ask({ sourceId: source.id, question: { what: 'columns', subject: form.subject, from } })}
            >
              {words.views.look}
            </Button>
          </span>
          <div aria-live="polite">
            {look.isWaiting && words.views.looking}
            <Failure of={look.answer} isLate={look.isLate} />
          </div>
          <ErrorNote error={look.error} text={words.of(look.error)} />
          {columns && <Samples of={columns} />}
        </Stack>
        <Form columns={2} onSubmit={submit}>
          <MultiSelectField
            label={words.views.keys}
            hint={words.views.keysHint}
            required
            value={form.keys}
            onChange={(keys) => change({ keys: keys.slice(0, 4) })}
            options={options}
          />
          <SelectField
            label={words.views.update}
            hint={words.views.updateHint}
            placeholder={words.views.noUpdate}
            value={form.update}
            onChange={(update) => change({ update })}
            options={options}
          />
          <NumberField
            label={words.views.every}
            hint={words.views.everyHint}
            required
            min={60}
            max={86_400}
            value={everySeconds}
            onChange={(next) => change({ everySeconds: next })}
          />
          <DateField
            label={words.views.startOn}
            hint={words.views.startOnHint}
            value={form.startOn}
            onChange={(startOn) => change({ startOn })}
          />
        </Form>
        <Panel title={words.views.mappingTitle} note={words.views.mappingHint}>
          <MappingTable
            target={target}
            columns={names}
            rows={columns?.rows ?? []}
            mapping={form.mapping}
            onChange={(mapping) => change({ mapping })}
          />
        </Panel>
        <TextArea
          label={words.views.codesTitle}
          hint={words.views.codesHint}
          rows={5}
          value={form.codes}
          onChange={(text) => change({ codes: text })}
          error={'why' in codes ? words.views.notJson({ why: codes.why }) : undefined}
        />
        {from && 'tables' in codes && (
          <Trying sourceId={source.id} subject={form.subject} from={from} mapping={form.mapping} codes={codes.tables} />
        )}
      </Stack>
    </Drawer>
  )
}

type Trial = { sourceId: string; subject: Subject; from: From; mapping: ColumnMapping; codes: CodeTables }

function Trying({ sourceId, ...trial }: Trial) {
  const question = useQuestion()
  const { answer } = question
  return (
    <Stack gap={12}>
      <span>
        <Button
          icon="play"
          busy={question.isWaiting}
          disabled={Object.keys(trial.mapping).length === 0}
          onClick={() => question.ask({ sourceId, question: { what: 'dryRun', ...trial } })}
        >
          {words.views.tryOut}
        </Button>
      </span>
      <div aria-live="polite">
        {question.isWaiting && words.views.looking}
        <Failure of={answer} isLate={question.isLate} />
        {answer?.what === 'dryRun' && <DryRun target={targetOf[trial.subject]} rows={answer.rows} />}
      </div>
      <ErrorNote error={question.error} text={words.of(question.error)} />
    </Stack>
  )
}

type Seen = { id: string; type: string; values: string }

/** What stands in each column, of the first rows; masked. */
function Samples({ of: { columns, rows } }: { of: Columns }) {
  const seen = columns.map((c): Seen => ({ id: c.name, type: words.views.types[c.type], values: samplesOf(rows, c.name, 6) }))
  const title = words.views.rowsOf({ n: rows.length })
  return (
    <Panel flush title={title}>
      <Table of={seen} label={title} empty={words.views.noRows} maxHeight={260}>
        <Column name={words.views.column} show={(c: Seen) => c.id} width={180} />
        <Column name={words.views.type} show={(c: Seen) => c.type} width={80} />
        <Column name={words.views.samples} show={(c: Seen) => c.values} />
      </Table>
    </Panel>
  )
}

type Columns = Extract<Answer, { what: 'columns' }>

function Reload({ view, name }: { view: View; name: string }) {
  const [isAsking, setAsking] = useState(false)
  const reload = useWrite(viewsApi.reload, {
    onSuccess: () => {
      setAsking(false)
      notify(words.views.reloadDone)
    },
  })
  return (
    <>
      <Button size="small" icon="refresh" onClick={() => setAsking(true)}>
        {words.views.reload}
      </Button>
      {isAsking && (
        <Confirm
          title={words.views.reloadTitle({ view: name })}
          verb={words.views.reload}
          busy={reload.isSending}
          error={reload.error}
          onConfirm={() => reload.send({ id: view.id })}
          onCancel={() => setAsking(false)}
        >
          {words.views.reloadText}
        </Confirm>
      )}
    </>
  )
}

function readCodes(text: string): { tables: CodeTables } | { why: string } {
  try {
    const read = CodeTables.safeParse(JSON.parse(text.trim() || '{}'))
    return read.success ? { tables: read.data } : { why: '{"nursing": {"1": "一级"}}' }
  } catch (error) {
    return { why: error instanceof Error ? error.message : '' }
  }
}
