import { Button, Choice, NumberField, type Option, Panel, Row, SelectField, Stack, TextField } from '@renxin/ui'
import { assigneeRules, type Step, taskChannels, timesOf } from '../contract.ts'
import { words } from '../words.ts'

const b = words.builder

export const emptyStep: Step = {
  name: '',
  unit: 'days',
  fromOffset: 1,
  byOffset: 7,
  days: 'any',
  repeat: null,
  channel: 'phone',
  assignee: 'centre',
  questionnaireId: null,
  tries: 3,
  triesPerDay: 2,
  waitMinutes: 120,
}

type StepFieldsProps = {
  number: number
  step: Step
  questionnaires: readonly Option<string>[]
  error: string | undefined
  onChange: (step: Step) => void
  onRemove: (() => void) | undefined
}

export function StepFields({ number, step, questionnaires, error, onChange, onRemove }: StepFieldsProps) {
  const set = (part: Partial<Step>) => onChange({ ...step, ...part })
  const options = <V extends string>(values: readonly V[], names: Readonly<Record<V, string>>) =>
    values.map((value) => ({ value, label: names[value] }))
  return (
    <Panel
      title={`${words.steps} ${number}`}
      actions={
        onRemove && (
          <Button size="small" kind="quiet" icon="trash" onClick={onRemove}>
            {words.removeStep}
          </Button>
        )
      }
    >
      <Stack gap={12}>
        <TextField label={words.stepName} required value={step.name} onChange={(name) => set({ name })} maxLength={60} error={error} />
        <Row gap={16}>
          <Choice
            label={words.unit}
            value={step.unit}
            onChange={(unit) => set(unit === 'hours' ? { unit, repeat: null } : { unit })}
            options={options(['hours', 'days'] as const, words.units)}
          />
          <NumberField
            label={words.fromOffset}
            unit={words.units[step.unit]}
            min={0}
            value={step.fromOffset}
            onChange={(n) => set({ fromOffset: n ?? 0 })}
          />
          <NumberField
            label={words.byOffset}
            unit={words.units[step.unit]}
            min={0}
            value={step.byOffset}
            onChange={(n) => set({ byOffset: n ?? 0 })}
          />
          <Choice
            label={words.dayRule}
            value={step.days}
            onChange={(days) => set({ days })}
            options={options(['any', 'working'] as const, words.dayRules)}
          />
        </Row>
        <Row gap={16}>
          <Choice
            label={b.repeats}
            value={step.repeat !== null}
            onChange={(isRepeated) => set(isRepeated ? { unit: 'days', repeat: { everyMonths: 3, forMonths: 24 } } : { repeat: null })}
            options={[
              { value: false, label: b.once },
              { value: true, label: b.monthly },
            ]}
          />
          {step.repeat && <RepeatFields repeat={step.repeat} onChange={(repeat) => set({ repeat })} />}
        </Row>
        <Row gap={16}>
          <Choice
            label={words.channel}
            value={step.channel}
            onChange={(channel) => set({ channel })}
            options={options(taskChannels, words.channels)}
          />
          <SelectField
            label={words.assigneeRule}
            required
            value={step.assignee}
            onChange={(assignee) => assignee && set({ assignee })}
            options={options(assigneeRules, words.assigneeRules)}
          />
          <SelectField
            label={words.questionnaire}
            placeholder={words.withoutQuestionnaire}
            value={step.questionnaireId}
            onChange={(questionnaireId) => set({ questionnaireId })}
            options={questionnaires}
          />
        </Row>
        <Row gap={16}>
          <NumberField label={words.maxTries} min={1} max={20} value={step.tries} onChange={(n) => set({ tries: n ?? 1 })} />
          <NumberField label={words.perDay} min={1} max={10} value={step.triesPerDay} onChange={(n) => set({ triesPerDay: n ?? 1 })} />
          <NumberField label={words.wait} min={1} value={step.waitMinutes} onChange={(n) => set({ waitMinutes: n ?? 1 })} />
        </Row>
      </Stack>
    </Panel>
  )
}

type Repeat = NonNullable<Step['repeat']>

function RepeatFields({ repeat, onChange }: { repeat: Repeat; onChange: (repeat: Repeat) => void }) {
  return (
    <>
      <NumberField
        label={b.everyMonths}
        unit={b.months}
        min={1}
        max={60}
        value={repeat.everyMonths}
        onChange={(n) => onChange({ ...repeat, everyMonths: n ?? 1 })}
      />
      <NumberField
        label={b.forMonths}
        unit={b.months}
        min={1}
        max={120}
        value={repeat.forMonths}
        onChange={(n) => onChange({ ...repeat, forMonths: n ?? 1 })}
      />
      <span className="rx-note">
        {b.repeatCount({ n: timesOf({ repeat }) })} · {b.repeatHint}
      </span>
    </>
  )
}
