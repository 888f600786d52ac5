import { useState } from 'react'
import type { Item, Value } from '../../contract.ts'
import { words } from '../../words.ts'
import type { AnswerTo } from './answer.ts'

type TypedAnswerProps = {
  item: Item
  given: readonly Value[]
  labelledBy: string
  describedBy: string | undefined
  isWrong: boolean
  onAnswer: AnswerTo
}

/** An answer that is typed: a number, a day, a time, a line or several. */
export function TypedAnswer({ item, given, labelledBy, describedBy, isWrong, onAnswer }: TypedAnswerProps) {
  const value = given[0]
  const control = {
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-invalid': isWrong || undefined,
    'aria-required': item.isRequired || undefined,
    disabled: item.isReadOnly,
    autoComplete: 'off',
    className: 'rx-input',
  } as const
  const text = typeof value === 'string' ? value : ''
  const say = (next: string) => onAnswer(next === '' ? [] : [next])
  switch (item.kind) {
    case 'integer':
    case 'decimal':
    case 'quantity':
      return <NumberAnswer item={item} value={value} control={control} onAnswer={onAnswer} />
    case 'date':
    case 'dateTime':
      return (
        <input
          {...control}
          type="date"
          style={{ maxWidth: 200 }}
          value={text.slice(0, 10)}
          min={typeof item.minValue === 'string' ? item.minValue.slice(0, 10) : undefined}
          max={typeof item.maxValue === 'string' ? item.maxValue.slice(0, 10) : undefined}
          onChange={(e) => say(e.target.value)}
        />
      )
    case 'time':
      return (
        <input
          {...control}
          type="time"
          style={{ maxWidth: 160 }}
          value={text.slice(0, 5)}
          onChange={(e) => say(e.target.value === '' ? '' : `${e.target.value.slice(0, 5)}:00`)}
        />
      )
    case 'text':
      return (
        <>
          <textarea {...control} className="rx-input rx-textarea" rows={3} value={text} onChange={(e) => say(e.target.value)} />
          <div className="rx-hint">{words.form.newLine}</div>
        </>
      )
    default:
      return <input {...control} type={item.kind === 'url' ? 'url' : 'text'} value={text} onChange={(e) => say(e.target.value)} />
  }
}

type NumberAnswerProps = { item: Item; value: Value | undefined; control: object; onAnswer: AnswerTo }

/** What is no number yet is kept as it was typed, and told by the check. */
function NumberAnswer({ item, value, control, onAnswer }: NumberAnswerProps) {
  const [typed, setTyped] = useState('')
  const shown = readNumber(typed) === value ? typed : value === undefined ? '' : String(value)
  return (
    <span className="rx-with-unit">
      <input
        {...control}
        style={{ maxWidth: 160 }}
        inputMode={item.kind === 'integer' ? 'numeric' : 'decimal'}
        value={shown}
        onChange={(event) => {
          setTyped(event.target.value)
          const read = readNumber(event.target.value)
          onAnswer(read === undefined ? [] : [read])
        }}
      />
      {item.unit && <span className="rx-unit">{item.unit.label}</span>}
    </span>
  )
}

/** Input methods leave full-width digits behind. */
function readNumber(text: string): number | string | undefined {
  const plain = text.normalize('NFKC').trim()
  if (plain === '') return undefined
  return /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : plain
}
