import { Button, Choice, IconButton, NumberField, Row, SelectField, Stack, TextArea, TextField, undoBar } from '@renxin/ui'
import { type Definition, isQuestion, readForm, severities } from '../../contract.ts'
import { words } from '../../words.ts'
import type { RawItem } from './change-definition.ts'
import {
  addRule,
  changeRule,
  conditionOn,
  conditionsOf,
  deadlineOf,
  partOf,
  removeRule,
  rulesOf,
  withCode,
  withConditions,
  withDeadline,
  withText,
} from './change-red-flags.ts'
import { FlagConditionEditor } from './FlagConditionEditor.tsx'

const w = words.redFlags

type RedFlagsProps = { definition: Definition; onChange: (next: Definition) => void }

/** Which answers call for a doctor, what is said then, and how long the doctor has. */
export function RedFlags({ definition, onChange }: RedFlagsProps) {
  const rules = rulesOf(definition)
  const questions = [...readForm(definition).byLinkId.values()].filter(isQuestion)
  const first = questions[0]
  const remove = (at: number, name: string) => {
    onChange(removeRule(definition, at))
    undoBar(w.removed({ name }), () => onChange(definition))
  }
  return (
    <Stack gap={16}>
      {rules.length === 0 && <p className="rx-note">{w.none}</p>}
      {rules.map((rule, at) => (
        // The place is the identity of a rule here: its id may be missing in a file that was imported.
        <OneRule key={at} rule={rule} questions={questions} onChange={(make) => onChange(changeRule(definition, at, make))}>
          <IconButton icon="close" label={w.remove({ name: nameOf(rule) })} onClick={() => remove(at, nameOf(rule))} />
        </OneRule>
      ))}
      {first && (
        <div>
          <Button size="small" icon="add" onClick={() => onChange(addRule(definition, first))}>
            {w.add}
          </Button>
        </div>
      )}
    </Stack>
  )
}

const nameOf = (rule: RawItem): string => partOf(rule, 'title') || w.untitled

type OneRuleProps = {
  rule: RawItem
  questions: Parameters<typeof FlagConditionEditor>[0]['questions']
  onChange: (make: (rule: RawItem) => RawItem) => void
  children: React.ReactNode
}

function OneRule({ rule, questions, onChange, children }: OneRuleProps) {
  const conditions = conditionsOf(rule)
  const severity = severities.find((s) => s === partOf(rule, 'severity')) ?? 'urgent'
  const first = questions[0]
  const set = (next: RawItem[]) => onChange((r) => withConditions(r, next))
  return (
    <section aria-label={nameOf(rule)} style={{ borderLeft: '3px solid var(--rx-danger)', paddingLeft: 12 }}>
      <Stack gap={8}>
        <Row gap={8} wrap={false}>
          <div style={{ flex: 1, minWidth: 0 }}>
            <TextField
              label={w.name}
              required
              maxLength={60}
              placeholder={w.namePlaceholder}
              value={partOf(rule, 'title')}
              onChange={(text) => onChange((r) => withText(r, 'title', text))}
            />
          </div>
          {children}
        </Row>
        <Choice
          label={w.severity}
          value={severity}
          onChange={(s) => onChange((r) => withCode(r, 'severity', s))}
          options={severities.map((s) => ({ value: s, label: w.severities[s] }))}
        />
        {conditions.length > 1 && (
          <Choice
            label={w.needs}
            value={partOf(rule, 'needs') === 'all' ? 'all' : 'any'}
            onChange={(needs) => onChange((r) => withCode(r, 'needs', needs))}
            options={[
              { value: 'any', label: w.any },
              { value: 'all', label: w.all },
            ]}
          />
        )}
        {conditions.map((condition, at) => (
          <Row key={at} gap={4} wrap={false}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <FlagConditionEditor
                n={at + 1}
                condition={condition}
                questions={questions}
                onChange={(next) => set(conditions.map((c, n) => (n === at ? next : c)))}
              />
            </div>
            <IconButton icon="close" label={w.removeCondition({ n: at + 1 })} onClick={() => set(conditions.filter((_, n) => n !== at))} />
          </Row>
        ))}
        {first && (
          <div>
            <Button size="small" icon="add" onClick={() => set([...conditions, conditionOn(first)])}>
              {w.addCondition}
            </Button>
          </div>
        )}
        <TextArea
          label={w.say}
          required
          rows={2}
          maxLength={500}
          value={partOf(rule, 'say')}
          onChange={(text) => onChange((r) => withText(r, 'say', text))}
        />
        <TextArea
          label={w.tell}
          required
          rows={2}
          maxLength={500}
          value={partOf(rule, 'tell')}
          onChange={(text) => onChange((r) => withText(r, 'tell', text))}
        />
        <Deadline rule={rule} onChange={onChange} />
      </Stack>
    </section>
  )
}

function Deadline({ rule, onChange }: Pick<OneRuleProps, 'rule' | 'onChange'>) {
  const { value, unit } = deadlineOf(rule)
  return (
    <Row gap={8}>
      <div style={{ width: 160 }}>
        <NumberField
          label={w.deadline}
          hint={w.deadlineHint}
          min={1}
          max={10_080}
          value={value}
          onChange={(n) => onChange((r) => withDeadline(r, { value: n, unit }))}
        />
      </div>
      <div style={{ width: 120 }}>
        <SelectField
          label={w.unit}
          required
          value={unit}
          onChange={(u) => u !== null && onChange((r) => withDeadline(r, { value, unit: u }))}
          options={[
            { value: 'min', label: w.minutes },
            { value: 'h', label: w.hours },
          ]}
        />
      </div>
    </Row>
  )
}
