import { UnitsSelect } from '@renxin/staff/console'
import { houseWords, MultiChoice, NumberField, Row, SelectField, Stack, TextField } from '@renxin/ui'
import { burdens, type ProgrammeBody, type Rule } from '../contract.ts'
import { words } from '../words.ts'

const classes = ['inpatient', 'daySurgery', 'outpatient', 'emergency', 'checkUp'] as const
const dispositions = ['1', '2', '3', '4', '5', '9'] as const

type RuleFieldsProps = {
  body: ProgrammeBody
  /** The diagnoses as they are typed: what cannot be read yet stays there. */
  codes: string
  onCodes: (text: string) => void
  onChange: (part: Partial<ProgrammeBody>) => void
  wrong: (...path: (string | number)[]) => string | undefined
}

/** For whom a programme is. */
export function RuleFields({ body, codes, onCodes, onChange, wrong }: RuleFieldsProps) {
  const { rule } = body
  const set = (part: Partial<Rule>) => onChange({ rule: { ...rule, ...part } })
  return (
    <Stack gap={12}>
      <MultiChoice
        label={words.classes}
        value={rule.classes}
        onChange={(v) => set({ classes: v })}
        options={classes.map((value) => ({ value, label: words.class[value] }))}
        error={wrong('rule', 'classes')}
      />
      <UnitsSelect
        label={words.departments}
        kinds={['department']}
        value={rule.departmentIds}
        onChange={(departmentIds) => set({ departmentIds })}
      />
      <UnitsSelect label={words.wards} kinds={['ward']} value={rule.wardIds} onChange={(wardIds) => set({ wardIds })} />
      <TextField
        label={words.diagnosisRanges}
        hint={words.diagnosisHint}
        value={codes}
        onChange={onCodes}
        error={wrong('rule', 'diagnoses') && words.diagnosisWrong}
      />
      <Row gap={16}>
        <NumberField label={words.ageFrom} value={rule.ageFrom} min={0} max={130} onChange={(ageFrom) => set({ ageFrom })} />
        <NumberField label={words.ageTo} value={rule.ageTo} min={0} max={130} onChange={(ageTo) => set({ ageTo })} />
      </Row>
      <Row gap={16}>
        <NumberField label={words.stayFrom} value={rule.stayFromDays} min={0} onChange={(stayFromDays) => set({ stayFromDays })} />
        <NumberField label={words.stayTo} value={rule.stayToDays} min={0} onChange={(stayToDays) => set({ stayToDays })} />
      </Row>
      <SelectField
        label={words.sexName}
        placeholder={words.all}
        value={rule.sex}
        onChange={(sex) => set({ sex })}
        options={(['male', 'female'] as const).map((value) => ({ value, label: houseWords.sex[value] }))}
      />
      <MultiChoice
        label={words.everName}
        value={rule.ever}
        onChange={(ever) => set({ ever })}
        options={burdens.map((value) => ({ value, label: words.ever[value] }))}
      />
      {body.trigger === 'discharged' && (
        <MultiChoice
          label={words.withoutDispositions}
          value={rule.withoutDispositions}
          onChange={(withoutDispositions) => set({ withoutDispositions })}
          options={dispositions.map((value) => ({ value, label: words.disposition[value] }))}
        />
      )}
      <NumberField
        label={words.sample}
        unit="%"
        value={body.samplePercent}
        min={1}
        max={100}
        onChange={(n) => onChange({ samplePercent: n ?? 100 })}
      />
    </Stack>
  )
}
