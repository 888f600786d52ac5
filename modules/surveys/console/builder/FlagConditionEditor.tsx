import { Choice, MultiSelectField, NumberField, SelectField, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type Item, say } from '../../contract.ts'
import { words } from '../../words.ts'
import { extensionOf, type RawItem, textOf } from './change-definition.ts'
import { answersIn, conditionOn, operatorsFor, withAnswers, wordsIn } from './change-red-flags.ts'

const w = words.redFlags

type FlagConditionProps = { n: number; condition: RawItem; questions: readonly Item[]; onChange: (next: RawItem) => void }

/** One answer that raises a red flag: of which question, how, and compared with what. */
export function FlagConditionEditor({ n, condition, questions, onChange }: FlagConditionProps) {
  const linkId = textOf(extensionOf(condition, 'question')?.valueString)
  const question = questions.find((q) => q.linkId === linkId)
  const operators = question ? operatorsFor(question) : []
  const operator = operators.find((o) => o === extensionOf(condition, 'operator')?.valueCode) ?? operators[0]
  return (
    <section aria-label={w.condition({ n })}>
      <Stack gap={4}>
        <SelectField
          label={w.question}
          hideLabel
          required
          value={question?.linkId ?? null}
          options={questions.map((q) => ({ value: q.linkId, label: say(q.text, 'zh') || q.linkId }))}
          onChange={(chosen) => {
            const next = questions.find((q) => q.linkId === chosen)
            if (next) onChange(conditionOn(next))
          }}
        />
        {question && operators.length > 1 && (
          <SelectField
            label={w.operator}
            hideLabel
            required
            value={operator ?? null}
            options={operators.map((o) => ({ value: o, label: w.operators[o] }))}
            onChange={(next) =>
              next !== null && onChange(withAnswers(conditionOn(question, next), keepsAnswers(next) ? answersIn(condition) : []))
            }
          />
        )}
        {question && operator && operator !== 'exists' && (
          <Expected question={question} isWords={operator === 'contains'} condition={condition} onChange={onChange} />
        )}
      </Stack>
    </section>
  )
}

/** From one bound to another the number stays; between options, words and numbers nothing does. */
const keepsAnswers = (operator: string) => ['>', '>=', '<', '<='].includes(operator)

type ExpectedProps = { question: Item; isWords: boolean; condition: RawItem; onChange: (next: RawItem) => void }

function Expected({ question, isWords, condition, onChange }: ExpectedProps) {
  const answers = answersIn(condition)
  const set = (next: RawItem[]) => onChange(withAnswers(condition, next))
  if (isWords) return <Words answers={answers} onChange={set} />
  if (question.kind === 'boolean')
    return (
      <Choice
        label={w.yesOrNo}
        hideLabel
        value={answers[0]?.valueBoolean !== false}
        onChange={(valueBoolean) => set([{ valueBoolean }])}
        options={[
          { value: true, label: words.form.yes },
          { value: false, label: words.form.no },
        ]}
      />
    )
  if (question.options.length > 0)
    return (
      <MultiSelectField
        label={w.options}
        required
        value={chosenKeys(question, answers)}
        options={question.options.map((o) => ({ value: o.key, label: o.label.text }))}
        onChange={(keys) =>
          set(question.options.flatMap((o) => (keys.includes(o.key) ? [{ [`value${o.value.name}`]: o.value.content }] : [])))
        }
      />
    )
  const digits = question.kind === 'integer' ? 0 : 2
  const name = question.kind === 'integer' ? 'valueInteger' : 'valueDecimal'
  const bound = answers[0]?.[name]
  return (
    <NumberField
      label={w.bound}
      hideLabel
      digits={digits}
      {...(question.unit && { unit: question.unit.label })}
      value={typeof bound === 'number' ? bound : null}
      onChange={(value) => set(value === null ? [] : [{ [name]: value }])}
    />
  )
}

/** Kept as it is typed, with its dividers; what is in the rule are the words. */
function Words({ answers, onChange }: { answers: RawItem[]; onChange: (next: RawItem[]) => void }) {
  const [text, setText] = useState(() => answers.map((a) => textOf(a.valueString)).join('、'))
  return (
    <TextField
      label={w.words}
      required
      maxLength={300}
      value={text}
      onChange={(typed) => {
        setText(typed)
        onChange(wordsIn(typed))
      }}
    />
  )
}

/** The options that the rule names. */
function chosenKeys(question: Item, answers: RawItem[]): string[] {
  const codeOf = (content: unknown) =>
    typeof content === 'object' && content !== null ? (Reflect.get(content, 'code') ?? Reflect.get(content, 'display')) : content
  const named = answers.map((a) => codeOf(Object.entries(a).find(([k]) => k.startsWith('value'))?.[1]))
  return question.options.filter((o) => named.includes(codeOf(o.value.content))).map((o) => o.key)
}
