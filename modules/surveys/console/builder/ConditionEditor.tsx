import { Button, Choice, IconButton, NumberField, Row, SelectField, Stack, TextField } from '@renxin/ui'
import { type Definition, type Item, isQuestion, readForm, say } from '../../contract.ts'
import { words } from '../../words.ts'
import { type RawItem, records, textOf } from './change-definition.ts'

const w = words.builder
const operators = ['=', '!=', '>', '>=', '<', '<=', 'exists'] as const

type ConditionEditorProps = { definition: Definition; item: RawItem; onChange: (change: (item: RawItem) => RawItem) => void }

/** When an item is shown: always, or when answers to other questions are so. */
export function ConditionEditor({ definition, item, onChange }: ConditionEditorProps) {
  const conditions = records(item.enableWhen)
  const questions = [...readForm(definition).byLinkId.values()].filter((q) => isQuestion(q) && q.linkId !== item.linkId)
  const setConditions = (enableWhen: RawItem[]) =>
    onChange(({ enableWhen: _, enableBehavior, ...rest }) => ({
      ...rest,
      ...(enableWhen.length > 0 ? { enableWhen } : {}),
      ...(enableWhen.length > 1 ? { enableBehavior: enableBehavior ?? 'all' } : {}), // FHIR wants it where there are several
    }))
  const change = (at: number, next: RawItem) => setConditions(conditions.map((c, i) => (i === at ? next : c)))
  const first = questions[0]
  return (
    <section aria-label={w.conditions}>
      <Stack gap={8}>
        <strong>{w.conditions}</strong>
        {conditions.length === 0 && <span className="rx-note">{w.conditionsNone}</span>}
        {conditions.length > 1 && (
          <Choice
            label={w.conditionsNeeded}
            value={item.enableBehavior === 'any' ? 'any' : 'all'}
            onChange={(enableBehavior) => onChange((i) => ({ ...i, enableBehavior }))}
            options={[
              { value: 'all', label: w.all },
              { value: 'any', label: w.any },
            ]}
          />
        )}
        {conditions.map((c, at) => (
          <Row key={at} gap={4} wrap={false}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <OneCondition condition={c} questions={questions} onChange={(next) => change(at, next)} />
            </div>
            <IconButton
              icon="close"
              label={w.removeCondition({ n: at + 1 })}
              onClick={() => setConditions(conditions.filter((_, i) => i !== at))}
            />
          </Row>
        ))}
        {first && (
          <div>
            <Button size="small" icon="add" onClick={() => setConditions([...conditions, conditionOn(first)])}>
              {w.addCondition}
            </Button>
          </div>
        )}
      </Stack>
    </section>
  )
}

/** A condition that means something at once: the first option, or that there is an answer. */
function conditionOn(question: Item): RawItem {
  const option = question.options[0]
  if (option) return { question: question.linkId, operator: '=', [`answer${option.value.name}`]: option.value.content }
  if (question.kind === 'boolean') return { question: question.linkId, operator: '=', answerBoolean: true }
  return { question: question.linkId, operator: 'exists', answerBoolean: true }
}

type OneConditionProps = { condition: RawItem; questions: readonly Item[]; onChange: (next: RawItem) => void }

function OneCondition({ condition, questions, onChange }: OneConditionProps) {
  const question = questions.find((q) => q.linkId === condition.question)
  const operator = operators.find((o) => o === condition.operator) ?? '='
  const bare = { question: condition.question, operator }
  return (
    <Stack gap={4}>
      <SelectField
        label={w.conditionQuestion}
        hideLabel
        required
        value={textOf(condition.question) || null}
        options={questions.map((q) => ({ value: q.linkId, label: say(q.text, 'zh') || q.linkId }))}
        onChange={(linkId) => {
          const chosen = questions.find((q) => q.linkId === linkId)
          if (chosen) onChange(conditionOn(chosen))
        }}
      />
      <SelectField
        label={w.operator}
        hideLabel
        required
        value={operator}
        options={operators
          .filter((o) => isOrdered(question) || !'<>='.includes(o[0] ?? '') || o === '=')
          .map((o) => ({ value: o, label: w.operators[o] }))}
        onChange={(next) => {
          if (next === 'exists') onChange({ question: condition.question, operator: next, answerBoolean: true })
          else if (next)
            onChange(operator === 'exists' && question ? { ...startOf(question), operator: next } : { ...condition, operator: next })
        }}
      />
      {question && operator !== 'exists' && (
        <ExpectedAnswer question={question} condition={condition} onChange={(answer) => onChange({ ...bare, ...answer })} />
      )}
    </Stack>
  )
}

const isOrdered = (question: Item | undefined) =>
  question !== undefined && ['integer', 'decimal', 'quantity', 'date', 'dateTime', 'time'].includes(question.kind)

const startOf = (question: Item): RawItem => {
  const made = conditionOn(question)
  return made.operator === 'exists' ? { question: question.linkId, ...emptyAnswer(question) } : made
}

const emptyAnswer = (question: Item): RawItem => {
  if (question.kind === 'integer') return { answerInteger: 0 }
  if (question.kind === 'decimal') return { answerDecimal: 0 }
  if (question.kind === 'quantity') return { answerQuantity: { value: 0 } }
  return { answerString: '' }
}

type ExpectedProps = { question: Item; condition: RawItem; onChange: (answer: RawItem) => void }

function ExpectedAnswer({ question, condition, onChange }: ExpectedProps) {
  const label = w.conditionAnswer
  if (question.options.length > 0) {
    const expected = JSON.stringify(Object.entries(condition).find(([k]) => k.startsWith('answer'))?.[1])
    const chosen = question.options.find(
      (o) => JSON.stringify(o.value.content) === expected || codeOf(o.value.content) === codeOf(parsed(expected)),
    )
    return (
      <SelectField
        label={label}
        hideLabel
        required
        value={chosen?.key ?? null}
        options={question.options.map((o) => ({ value: o.key, label: o.label.text }))}
        onChange={(key) => {
          const option = question.options.find((o) => o.key === key)
          if (option) onChange({ [`answer${option.value.name}`]: option.value.content })
        }}
      />
    )
  }
  if (question.kind === 'boolean')
    return (
      <Choice
        label={label}
        hideLabel
        value={condition.answerBoolean === true}
        onChange={(answerBoolean) => onChange({ answerBoolean })}
        options={[
          { value: true, label: words.form.yes },
          { value: false, label: words.form.no },
        ]}
      />
    )
  if (question.kind === 'integer' || question.kind === 'decimal' || question.kind === 'quantity') {
    const [name, raw] = Object.entries(condition).find(([k]) => k.startsWith('answer')) ?? ['answerInteger', null]
    const number = typeof raw === 'number' ? raw : typeof raw === 'object' && raw !== null ? Number(Reflect.get(raw, 'value')) : null
    return (
      <NumberField
        label={label}
        hideLabel
        digits={question.kind === 'integer' ? 0 : 2}
        value={number}
        onChange={(n) => n !== null && onChange(name === 'answerQuantity' ? { answerQuantity: { value: n } } : { [name]: n })}
      />
    )
  }
  const field =
    question.kind === 'date'
      ? 'answerDate'
      : question.kind === 'time'
        ? 'answerTime'
        : question.kind === 'dateTime'
          ? 'answerDateTime'
          : 'answerString'
  return <TextField label={label} hideLabel value={textOf(condition[field])} onChange={(text) => onChange({ [field]: text })} />
}

const parsed = (json: string | undefined): unknown => (json === undefined ? undefined : JSON.parse(json))
const codeOf = (coding: unknown): unknown => (typeof coding === 'object' && coding !== null ? Reflect.get(coding, 'code') : coding)
