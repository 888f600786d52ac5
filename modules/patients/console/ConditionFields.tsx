import { useRead } from '@renxin/client'
import { PeopleSelect, UnitsSelect } from '@renxin/staff/console'
import { houseWords, MultiSelectField, NumberField, SelectField, TextField } from '@renxin/ui'
import { type ReactElement, useState } from 'react'
import {
  CareClass, type Conditions, ContactGap, DiagnosisRange, type FieldCondition, type FieldDefinition, FollowupState, fieldsApi, listsApi, PatientState, patientsApi,
  Sex,
} from '../contract.ts' // biome-ignore format: a list
import { words } from '../words.ts'
import { classOptions } from './class-options.ts'
import { followupWord } from './sentence.ts'

const t = words.lists
const c = t.conditions

type Change = (part: Partial<Conditions>) => void
const options = <T extends string>(values: readonly T[], name: (value: T) => string) => values.map((v) => ({ value: v, label: name(v) }))
const same = (values: readonly string[]) => options(values, (v) => v)

/** The fields of a search form or a rule, one for each condition, the most used first. A list, for forms fold away what is beyond the first few. */
export function useConditionFields(
  value: Conditions,
  onChange: (next: Conditions) => void,
  withSegments: ReactElement | null,
): ReactElement[] {
  const tags = useRead(patientsApi.tags, {})
  const choices = useRead(listsApi.choices, {})
  const own = useRead(fieldsApi.fields, {})
  const change: Change = (part) => onChange(tidy({ ...value, ...part }))
  const number = (
    key: 'ageFrom' | 'ageTo' | 'dischargedDaysFrom' | 'dischargedDaysTo' | 'seenDaysFrom' | 'seenDaysTo' | 'firstSeenDaysTo' | 'visitsFrom',
  ) => (
    <NumberField
      key={key}
      label={c[key]}
      min={key === 'visitsFrom' ? 1 : 0}
      max={40_000}
      value={value[key] ?? null}
      onChange={(n) => change({ [key]: n ?? undefined })}
    />
  )
  const words_ = (key: 'payers' | 'districts') => (
    <MultiSelectField
      key={key}
      label={c[key]}
      value={value[key] ?? []}
      onChange={(v) => change({ [key]: v })}
      options={same(choices.data?.[key] ?? [])}
    />
  )
  return [
    <MultiSelectField key="states" label={c.states} value={value.states ?? []} onChange={(states) => change({ states })} options={options(PatientState.options, (s) => words.standing.state[s])} />, // biome-ignore format: one field a line
    <UnitsSelect key="wards" label={c.wardIds} kinds={['ward']} value={value.wardIds ?? []} onChange={(wardIds) => change({ wardIds })} />,
    <MultiSelectField key="followups" label={c.followups} value={value.followups ?? []} onChange={(followups) => change({ followups })} options={options(FollowupState.options, followupWord)} />, // biome-ignore format: one field a line
    <MultiSelectField key="tags" label={c.tagIds} value={value.tagIds ?? []} onChange={(tagIds) => change({ tagIds })} options={(tags.data?.tags ?? []).map((g) => ({ value: g.id, label: g.name }))} />, // biome-ignore format: one field a line
    ...(withSegments ? [withSegments] : []),
    <UnitsSelect key="departments" label={c.departmentIds} kinds={['department']} value={value.departmentIds ?? []} onChange={(departmentIds) => change({ departmentIds })} />, // biome-ignore format: one field a line
    <PeopleSelect key="doctors" label={c.attendingIds} job="doctor" value={value.attendingIds ?? []} onChange={(attendingIds) => change({ attendingIds })} />, // biome-ignore format: one field a line
    <MultiSelectField key="classes" label={c.classes} value={value.classes ?? []} onChange={(classes) => change({ classes })} options={options(CareClass.options, (k) => words.standing.class[k])} />, // biome-ignore format: one field a line
    <DiagnosisField key="diagnoses" value={value.diagnoses ?? []} onChange={(diagnoses) => change({ diagnoses })} />,
    number('ageFrom'),
    number('ageTo'),
    <SelectField<Sex> key="sex" label={c.sex} value={value.sex ?? null} onChange={(sex) => change({ sex: sex ?? undefined })} options={options(Sex.options, (s) => houseWords.sex[s])} />, // biome-ignore format: one field a line
    words_('payers'),
    <MultiSelectField key="identityClasses" label={c.identityClasses} value={value.identityClasses ?? []} onChange={(identityClasses) => change({ identityClasses })} options={classOptions(choices.data?.identityClasses ?? [])} />, // biome-ignore format: one field a line
    words_('districts'),
    number('dischargedDaysFrom'),
    number('dischargedDaysTo'),
    number('seenDaysFrom'),
    number('seenDaysTo'),
    number('firstSeenDaysTo'),
    number('visitsFrom'),
    <MultiSelectField key="gaps" label={c.gaps} value={value.gaps ?? []} onChange={(gaps) => change({ gaps })} options={options(ContactGap.options, (g) => t.gap[g])} />, // biome-ignore format: one field a line
    <SelectField<'yes' | 'no'> key="deceased" label={c.deceased} value={value.deceased ?? null} onChange={(d) => change({ deceased: d ?? undefined })} options={[{ value: 'no', label: words.deceasedNo }, { value: 'yes', label: words.deceasedYes }]} />, // biome-ignore format: one field a line
    ...(own.data?.rows ?? [])
      .filter((f) => f.isActive && !f.isSensitive)
      .flatMap((field) => ownFields(field, value.fields?.find((f) => f.fieldId === field.id), (next) => change({ fields: [...(value.fields ?? []).filter((f) => f.fieldId !== field.id), ...(next ? [next] : [])] }))), // biome-ignore format: one thought
  ]
}

function ownFields(
  field: FieldDefinition,
  value: FieldCondition | undefined,
  onChange: (next: FieldCondition | undefined) => void,
): ReactElement[] {
  const put = (part: Omit<Partial<FieldCondition>, 'fieldId'>) => {
    const next = { ...value, ...part, fieldId: field.id }
    const isEmpty = !next.any?.length && next.from === undefined && next.to === undefined
    onChange(isEmpty ? undefined : next)
  }
  switch (field.kind) {
    case 'choice':
    case 'multiple':
      return [
        <MultiSelectField
          key={field.id}
          label={field.label}
          value={value?.any ?? []}
          onChange={(any) => put({ any })}
          options={same(field.options)}
        />,
      ]
    case 'number':
      return (['from', 'to'] as const).map((side) => (
        <NumberField
          key={field.id + side}
          label={`${field.label} ${side === 'from' ? '≥' : '≤'}`}
          digits={4}
          value={typeof value?.[side] === 'number' ? value[side] : null}
          onChange={(n) => put({ [side]: n ?? undefined })}
        />
      ))
    case 'date':
      return (['from', 'to'] as const).map((side) => (
        <TextField
          key={field.id + side}
          label={`${field.label} ${side === 'from' ? '≥' : '≤'}`}
          placeholder="2026-01-31"
          maxLength={10}
          value={typeof value?.[side] === 'string' ? value[side] : ''}
          onChange={(day) => put({ [side]: day || undefined })}
        />
      ))
    case 'text':
      return [
        <TextField
          key={field.id}
          label={field.label}
          maxLength={60}
          value={value?.any?.[0] ?? ''}
          onChange={(word) => put({ any: word.trim() ? [word] : [] })}
        />,
      ]
  }
}

function DiagnosisField({ value, onChange }: { value: readonly string[]; onChange: (ranges: string[]) => void }) {
  const [text, setText] = useState(value.join(', '))
  const parts = (typed: string) => typed.split(/[,，;；、\s]+/u).filter(Boolean)
  const read = (typed: string) => parts(typed).flatMap((part) => DiagnosisRange.safeParse(part).data ?? [])
  const isSame = read(text).join() === value.join()
  const shown = isSame ? text : value.join(', ')
  return (
    <TextField
      label={c.diagnoses}
      placeholder="I20-I25"
      maxLength={200}
      value={shown}
      onChange={(typed) => {
        setText(typed)
        onChange(read(typed))
      }}
      error={read(shown).length < parts(shown).length ? t.diagnosisWrong : undefined}
    />
  )
}

/** Without what says nothing, so that an address and a saved view stay short. */
export const tidy = (conditions: Conditions): Conditions =>
  Object.fromEntries(Object.entries(conditions).filter(([, v]) => v !== undefined && v !== null && !(Array.isArray(v) && v.length === 0)))
