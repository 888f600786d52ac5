import { Button, CheckField, IconButton, NumberField, Row, Stack, TextField } from '@renxin/ui'
import { fhirUrls } from '../../contract.ts'
import { words } from '../../words.ts'
import { extensionOf, type RawItem, records, textOf, translationOf, withExtension, withTranslation } from './change-definition.ts'
import { fivePoints, freshCode, option } from './kinds.ts'

const w = words.builder

/** What can be chosen, with scores. */
export function OptionEditor({ item, onChange }: { item: RawItem; onChange: (change: (item: RawItem) => RawItem) => void }) {
  const options = records(item.answerOption)
  const setOptions = (answerOption: RawItem[]) => onChange((i) => ({ ...i, answerOption }))
  const change = (at: number, make: (o: RawItem) => RawItem) => setOptions(options.map((o, i) => (i === at ? make(o) : o)))
  const move = (at: number, by: 1 | -1) => {
    const [one, other] = [options[at], options[at + by]]
    if (one && other) setOptions(options.map((o, i) => (i === at ? other : i === at + by ? one : o)))
  }
  return (
    <section aria-label={w.options}>
      <Stack gap={8}>
        {options.map((o, at) => (
          // The place is the identity of an option here: codes are edited and may clash for a moment.
          <OneOption key={at} option={o} n={at + 1} onChange={(make) => change(at, make)}>
            <IconButton icon="up" label={`${w.moveUp} ${at + 1}`} disabled={at === 0} onClick={() => move(at, -1)} />
            <IconButton icon="down" label={`${w.moveDown} ${at + 1}`} disabled={at === options.length - 1} onClick={() => move(at, 1)} />
            <IconButton
              icon="close"
              label={w.removeOption({ n: at + 1 })}
              disabled={options.length <= 1}
              onClick={() => setOptions(options.filter((_, i) => i !== at))}
            />
          </OneOption>
        ))}
        <Row>
          <Button size="small" icon="add" onClick={() => setOptions([...options, option(freshCode(options), '')])}>
            {w.addOption}
          </Button>
          {options.every((o) => labelOf(o) === '') && (
            <Button size="small" onClick={() => setOptions(fivePoints())}>
              {w.fivePoints}
            </Button>
          )}
        </Row>
      </Stack>
    </section>
  )
}

type OneOptionProps = { option: RawItem; n: number; onChange: (make: (o: RawItem) => RawItem) => void; children: React.ReactNode }

function OneOption({ option: o, n, onChange, children }: OneOptionProps) {
  const coding = codingOf(o)
  const setCoding = (make: (c: RawItem) => RawItem) => onChange((x) => ({ ...x, valueCoding: make(codingOf(x) ?? {}) }))
  const flag = (url: string) => (on: boolean) => onChange((x) => withExtension(x, url, on ? { valueBoolean: true } : undefined))
  const isNotApplicable = extensionOf(o, fhirUrls.notApplicable)?.valueBoolean === true
  return (
    <div style={{ borderLeft: '3px solid var(--rx-line)', paddingLeft: 8 }}>
      <Row gap={4} wrap={false}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <TextField
            label={w.optionLabel({ n })}
            hideLabel
            disabled={!coding}
            value={labelOf(o)}
            onChange={(display) => setCoding((c) => ({ ...c, display }))}
          />
        </div>
        {children}
      </Row>
      {coding && (
        <TextField
          label={w.optionEn({ n })}
          hideLabel
          placeholder={w.textEn}
          value={translationOf(coding, 'display', 'en')}
          onChange={(text) => setCoding((c) => withTranslation(c, 'display', 'en', text))}
        />
      )}
      <Row gap={12}>
        <div style={{ width: 96 }}>
          <NumberField
            label={w.scoreOf({ n })}
            hideLabel
            digits={2}
            disabled={isNotApplicable}
            unit={w.score}
            value={scoreOf(o)}
            onChange={(score) => onChange((x) => withExtension(x, fhirUrls.ordinal, score === null ? undefined : { valueDecimal: score }))}
          />
        </div>
        <CheckField label={w.notApplicable} value={isNotApplicable} onChange={flag(fhirUrls.notApplicable)} />
        <CheckField
          label={w.exclusive}
          value={extensionOf(o, fhirUrls.exclusive)?.valueBoolean === true}
          onChange={flag(fhirUrls.exclusive)}
        />
      </Row>
    </div>
  )
}

const codingOf = (o: RawItem): RawItem | undefined => {
  const coding = o.valueCoding
  return typeof coding === 'object' && coding !== null ? { ...coding } : undefined
}

const labelOf = (o: RawItem): string => {
  const coding = codingOf(o)
  if (coding) return textOf(coding.display)
  return String(o.valueString ?? o.valueInteger ?? o.valueDate ?? o.valueTime ?? '')
}

const scoreOf = (o: RawItem): number | null => {
  const score = extensionOf(o, fhirUrls.ordinal)?.valueDecimal
  return typeof score === 'number' ? score : null
}
