import { UnitsSelect } from '@renxin/staff/console'
import { Choice, DateField, houseWords, MultiChoice, NumberField, Row, SelectField, Stack, TextField, today } from '@renxin/ui'
import { type CohortFilter, visitClasses } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts
const dispositions = ['1', '2', '3', '4', '5', '9'] as const

/** Codes as they are typed, with any mark between. */
export const codesIn = (text: string): string[] => text.split(/[,，、;；\s]+/).filter(Boolean)

type FilterFieldsProps = {
  filter: CohortFilter
  onChange: (part: Partial<CohortFilter>) => void
  /** Codes as they are typed: what cannot be read yet stays there. */
  diagnoses: string
  onDiagnoses: (text: string) => void
  operations: string
  onOperations: (text: string) => void
  wrong: (...path: (string | number)[]) => string | undefined
}

/** Which discharges a study takes. */
export function FilterFields({ filter, onChange, diagnoses, onDiagnoses, operations, onOperations, wrong }: FilterFieldsProps) {
  return (
    <Stack gap={12}>
      <Row gap={16}>
        <DateField
          label={`${t.period} ${t.from}`}
          required
          value={filter.from}
          max={today()}
          onChange={(from) => from && onChange({ from })}
          error={wrong('from')}
        />
        <DateField label={t.to} required value={filter.to} max={today()} onChange={(to) => to && onChange({ to })} error={wrong('to')} />
      </Row>
      <MultiChoice
        label={words.classes}
        value={filter.classes}
        onChange={(classes) => onChange({ classes })}
        options={visitClasses.map((value) => ({ value, label: words.class[value] }))}
        error={wrong('classes')}
      />
      <TextField
        label={t.diagnoses}
        hint={t.diagnosesHint}
        value={diagnoses}
        onChange={onDiagnoses}
        error={wrong('diagnoses') && t.diagnosesWrong}
      />
      <Choice
        label={t.diagnosesIn}
        value={filter.diagnosesIn}
        onChange={(diagnosesIn) => onChange({ diagnosesIn })}
        options={(['main', 'any'] as const).map((value) => ({ value, label: t.diagnosesPlaces[value] }))}
      />
      <TextField
        label={t.operations}
        hint={t.operationsHint}
        value={operations}
        onChange={onOperations}
        error={wrong('operations') && t.operationsWrong}
      />
      <UnitsSelect
        label={words.departments}
        kinds={['department']}
        value={filter.departmentIds}
        onChange={(departmentIds) => onChange({ departmentIds })}
      />
      <Row gap={16}>
        <NumberField label={words.ageFrom} value={filter.ageFrom} min={0} max={130} onChange={(ageFrom) => onChange({ ageFrom })} />
        <NumberField label={words.ageTo} value={filter.ageTo} min={0} max={130} onChange={(ageTo) => onChange({ ageTo })} />
        <SelectField
          label={words.sexName}
          placeholder={words.all}
          value={filter.sex}
          onChange={(sex) => onChange({ sex })}
          options={(['male', 'female'] as const).map((value) => ({ value, label: houseWords.sex[value] }))}
        />
      </Row>
      <MultiChoice
        label={words.withoutDispositions}
        value={filter.withoutDispositions}
        onChange={(withoutDispositions) => onChange({ withoutDispositions })}
        options={dispositions.map((value) => ({ value, label: words.disposition[value] }))}
      />
    </Stack>
  )
}
