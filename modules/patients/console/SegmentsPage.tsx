import { useGo, useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { staffApi } from '@renxin/staff/contract'
import {
  Button,
  CheckField,
  Column,
  Drawer,
  Form,
  formatCount,
  houseWords,
  notify,
  Page,
  Panel,
  SelectField,
  StatusTag,
  Table,
  Tag,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import {
  type Conditions,
  type CountedSegment,
  fieldsApi,
  listsApi,
  patientsApi,
  type Segment,
  SegmentKind,
  segmentsApi,
} from '../contract.ts'
import { words } from '../words.ts'
import { useConditionFields } from './ConditionFields.tsx'
import { countText } from './PatientsPage.tsx'
import { type Names, phrasesOf } from './sentence.ts'

const t = words.segments

/** Groups of patients: how many, who came and who left this month, and by what rule. */
export function SegmentsPage() {
  const go = useGo()
  const { may } = useMe()
  const segments = useRead(segmentsApi.segments, {})
  const names = useNames()
  const [edited, setEdited] = useState<Segment>()
  const rows = segments.data?.rows ?? []
  const blank = (): Segment => ({ id: newId(), kind: 'own', name: '', conditions: {}, position: rows.length, isActive: true })
  const close = () => setEdited(undefined)
  return (
    <Page
      title={t.title}
      note={segments.data && t.note({ day: segments.data.since })}
      actions={
        may('patients.manage') && (
          <Button kind="primary" icon="add" onClick={() => setEdited(blank())}>
            {t.newSegment}
          </Button>
        )
      }
    >
      <Panel flush>
        <Table of={segments} label={t.title} empty={t.none} onOpen={(s: CountedSegment) => go('patients.segment', { segmentId: s.id })}>
          <Column name={t.name} width={160} show={(s: CountedSegment) => s.name} />
          <Column name={t.kindTitle} width={120} show={(s: CountedSegment) => <Tag>{t.kind[s.kind]}</Tag>} />
          <Column name={t.rule} show={(s: CountedSegment) => ruleText(s.conditions, names)} />
          <Column name={t.size} width={90} align="end" show={(s: CountedSegment) => (s.countedOn ? formatCount(s.size) : t.notCounted)} />
          <Column
            name={t.come}
            width={80}
            align="end"
            show={(s: CountedSegment) => (s.come === 0 ? houseWords.none : `+${formatCount(s.come)}`)}
          />
          <Column
            name={t.left}
            width={80}
            align="end"
            show={(s: CountedSegment) => (s.left === 0 ? houseWords.none : `−${formatCount(s.left)}`)}
          />
          <Column
            show={(s: CountedSegment) =>
              may('patients.manage') ? (
                <Button size="small" onClick={() => setEdited(segmentOf(s))}>
                  {t.editSegment}
                </Button>
              ) : (
                !s.isActive && <StatusTag>{words.fields.retired}</StatusTag>
              )
            }
          />
        </Table>
      </Panel>
      {edited && (
        <Drawer title={rows.some((s) => s.id === edited.id) ? t.editSegment : t.newSegment} onClose={close}>
          <SegmentForm segment={edited} names={names} onDone={close} />
        </Drawer>
      )}
    </Page>
  )
}

const segmentOf = ({ id, kind, name, conditions, position, isActive }: CountedSegment): Segment => ({
  id,
  kind,
  name,
  conditions,
  position,
  isActive,
})

/** A rule as a sentence. */
export function ruleText(conditions: Conditions | null, names: Names): string {
  if (!conditions) return t.byHand
  const phrases = phrasesOf(conditions, names)
  return phrases.length > 0 ? t.ruleReads({ text: phrases.join('，') }) : t.everybody
}

function useNames(): Names {
  const units = useRead(staffApi.units, {})
  const tags = useRead(patientsApi.tags, {})
  const fields = useRead(fieldsApi.fields, {})
  return new Map([
    ...(units.data?.rows ?? []).map((u) => [u.id, u.name] as const),
    ...(tags.data?.tags ?? []).map((g) => [g.id, g.name] as const),
    ...(fields.data?.rows ?? []).map((f) => [f.id, f.label] as const),
  ])
}

function SegmentForm({ segment, names, onDone }: { segment: Segment; names: Names; onDone: () => void }) {
  const [draft, setDraft] = useState(segment)
  const [isTried, setTried] = useState(false)
  const conditions = draft.conditions ?? {}
  const save = useWrite(segmentsApi.saveSegment, {
    onSuccess: () => {
      notify(t.saved)
      onDone()
    },
  })
  const count = useRead(listsApi.count, { where: JSON.stringify(conditions) }, { enabled: draft.conditions !== null, keep: true })
  const fields = useConditionFields(conditions, (next) => setDraft({ ...draft, conditions: next }), null)
  const submit = () => {
    setTried(true)
    if (draft.name.trim()) save.send({ ...draft, name: draft.name.trim() })
  }
  return (
    <Form onSubmit={submit} write={save} verb={houseWords.save}>
      <TextField
        label={t.name}
        required
        maxLength={40}
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
        error={isTried && !draft.name.trim() ? houseWords.pleaseFill : undefined}
      />
      <SelectField<SegmentKind>
        label={t.kindTitle}
        required
        value={draft.kind}
        onChange={(kind) => setDraft({ ...draft, kind: kind ?? 'own' })}
        options={SegmentKind.options.map((k) => ({ value: k, label: t.kind[k] }))}
      />
      <CheckField label={t.isActive} value={draft.isActive} onChange={(isActive) => setDraft({ ...draft, isActive })} />
      <CheckField
        label={t.byRule}
        value={draft.conditions !== null}
        onChange={(isRule) => setDraft({ ...draft, conditions: isRule ? {} : null })}
      />
      <p aria-live="polite">
        {ruleText(draft.conditions, names)}
        {draft.conditions && <strong> {count.data ? countText(count.data) : words.lists.counting}</strong>}
      </p>
      {draft.conditions !== null && fields}
    </Form>
  )
}
