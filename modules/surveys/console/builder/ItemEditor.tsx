import { CheckField, NumberField, SelectField, Stack, TextArea, TextField } from '@renxin/ui'
import { type Definition, fhirUrls } from '../../contract.ts'
import { words } from '../../words.ts'
import { ConditionEditor } from './ConditionEditor.tsx'
import {
  extensionOf,
  type Path,
  type RawItem,
  renameLinkId,
  textOf,
  translationOf,
  withExtension,
  withTranslation,
} from './change-definition.ts'
import { asKind, hasOptions, isAsked, type Kind, kindOf, kinds, measureOf } from './kinds.ts'
import { OptionEditor } from './OptionEditor.tsx'
import { SourceEditor } from './SourceEditor.tsx'

const w = words.builder

type ItemEditorProps = {
  definition: Definition
  path: Path
  item: RawItem
  onChange: (change: (item: RawItem) => RawItem) => void
  onChangeDefinition: (next: Definition) => void
}

/** One question: what it asks, how it is answered, what it counts for, and when it is shown. */
export function ItemEditor({ definition, path, item, onChange, onChangeDefinition }: ItemEditorProps) {
  const kind = kindOf(item)
  const measure = measureOf(item)
  const setNumber = (url: string) => (n: number | null) =>
    onChange((i) =>
      withExtension(i, url, n === null ? undefined : Number.isInteger(n) && kind !== 'decimal' ? { valueInteger: n } : { valueDecimal: n }),
    )
  return (
    <Stack gap={12}>
      <TextArea
        label={w.text}
        required
        rows={2}
        maxLength={1000}
        value={textOf(item.text)}
        onChange={(text) => onChange((i) => ({ ...i, text }))}
      />
      <TextField
        label={w.textEn}
        value={translationOf(item, 'text', 'en')}
        onChange={(text) => onChange((i) => withTranslation(i, 'text', 'en', text))}
      />
      <SelectField
        label={w.kind}
        required
        value={kind}
        options={[...kinds, ...(kind === 'other' ? ['other' as const] : [])].map((k) => ({
          value: k,
          label: w.kinds[k],
          disabled: k === 'other',
        }))}
        onChange={(k) => k !== null && k !== 'other' && onChange((i) => asKind(i, k as Kind))}
      />
      {isAsked(kind) && (
        <CheckField label={w.required} value={item.required === true} onChange={(required) => onChange((i) => ({ ...i, required }))} />
      )}
      {kind === 'filled' && <SourceEditor item={item} onChange={onChange} />}
      {hasOptions(kind) && <OptionEditor item={item} onChange={onChange} />}
      {(kind === 'scale' || kind === 'integer' || kind === 'decimal') && (
        <>
          <NumberField
            label={w.min}
            digits={kind === 'decimal' ? 2 : 0}
            value={limitOf(item, fhirUrls.minValue)}
            onChange={setNumber(fhirUrls.minValue)}
          />
          <NumberField
            label={w.max}
            digits={kind === 'decimal' ? 2 : 0}
            value={limitOf(item, fhirUrls.maxValue)}
            onChange={setNumber(fhirUrls.maxValue)}
          />
        </>
      )}
      {(kind === 'integer' || kind === 'decimal') && (
        <TextField
          label={w.unit}
          maxLength={20}
          value={unitOf(item)}
          onChange={(unit) => onChange((i) => withExtension(i, fhirUrls.unit, unit ? { valueCoding: { display: unit } } : undefined))}
        />
      )}
      {(kind === 'string' || kind === 'text') && (
        <NumberField
          label={w.maxLength}
          min={1}
          value={typeof item.maxLength === 'number' ? item.maxLength : null}
          onChange={(n) => onChange((i) => ({ ...i, maxLength: n ?? undefined }))}
        />
      )}
      {(kind === 'single' || kind === 'scale' || kind === 'nps') && (
        <SelectField
          label={w.measure}
          hint={w.measureHint}
          required
          value={measure || 'none'}
          options={(kind === 'nps' ? (['nps'] as const) : (['none', 'satisfaction', 'aspect'] as const)).map((m) => ({
            value: m,
            label: w.measures[m],
          }))}
          onChange={(m) => onChange((i) => withExtension(i, fhirUrls.measure, m === null || m === 'none' ? undefined : { valueCode: m }))}
        />
      )}
      <ConditionEditor definition={definition} item={item} onChange={onChange} />
      <LinkIdField key={textOf(item.linkId)} definition={definition} path={path} item={item} onChangeDefinition={onChangeDefinition} />
      {strangeParts(item) > 0 && <p className="rx-hint">{w.otherParts({ n: strangeParts(item) })}</p>}
    </Stack>
  )
}

type LinkIdFieldProps = Pick<ItemEditorProps, 'definition' | 'path' | 'item' | 'onChangeDefinition'>

function LinkIdField({ definition, path, item, onChangeDefinition }: LinkIdFieldProps) {
  return (
    <TextField
      label={w.linkId}
      hint={w.linkIdHint}
      maxLength={64}
      value={textOf(item.linkId)}
      onChange={(linkId) => onChangeDefinition(renameLinkId(definition, path, linkId.trim()))}
    />
  )
}

const limitOf = (item: RawItem, url: string): number | null => {
  const e = extensionOf(item, url)
  const value = e?.valueInteger ?? e?.valueDecimal
  return typeof value === 'number' ? value : null
}

const unitOf = (item: RawItem): string => {
  const coding = extensionOf(item, fhirUrls.unit)?.valueCoding
  return typeof coding === 'object' && coding !== null ? textOf(Reflect.get(coding, 'display')) || textOf(Reflect.get(coding, 'code')) : ''
}

const shownFields = [
  'linkId',
  'type',
  'text',
  '_text',
  'required',
  'repeats',
  'answerOption',
  'enableWhen',
  'enableBehavior',
  'item',
  'maxLength',
  'extension',
]
const shownExtensions: string[] = [
  fhirUrls.measure,
  fhirUrls.scale,
  fhirUrls.control,
  fhirUrls.minValue,
  fhirUrls.maxValue,
  fhirUrls.unit,
  fhirUrls.source,
]

/** How much of the item the editor neither shows nor touches. */
const strangeParts = (item: RawItem): number =>
  Object.keys(item).filter((k) => !shownFields.includes(k) && k !== 'code').length +
  (Array.isArray(item.extension) ? item.extension.filter((e) => !shownExtensions.includes(String(e?.url))).length : 0)
