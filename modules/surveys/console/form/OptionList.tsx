import { isComposing } from '@renxin/ui'
import { type KeyboardEvent, useId } from 'react'
import { type Item, say, scaleOf, type Value } from '../../contract.ts'
import { words } from '../../words.ts'
import type { AnswerTo } from './answer.ts'

type Choice = { value: string | number | boolean; label: string; isExclusive: boolean }

/** What can be chosen as an answer; undefined where the answer is typed. */
export function choicesOf(item: Item, language: string): Choice[] | undefined {
  const plain = (value: Choice['value'], label: string) => ({ value, label, isExclusive: false })
  if (item.kind === 'boolean') return [plain(true, words.form.yes), plain(false, words.form.no)]
  if (item.kind === 'choice' || item.kind === 'openChoice')
    return item.options.map((o) => ({ value: o.key, label: say(o.label, language), isExclusive: o.isExclusive }))
  if (isShortScale(item)) {
    const { lowest, highest } = scaleOf(item)
    return Array.from({ length: highest - lowest + 1 }, (_, at) => plain(lowest + at, String(lowest + at)))
  }
  return undefined
}

/** A scale of whole numbers that fits on one line: 0 to 10, 1 to 5. */
function isShortScale(item: Item): boolean {
  if (item.kind !== 'integer' || (!item.isScale && item.control !== 'slider')) return false
  const { minValue, maxValue } = item
  return typeof minValue === 'number' && typeof maxValue === 'number' && minValue >= 0 && maxValue <= 10 && (item.step ?? 1) === 1
}

type OptionListProps = {
  item: Item
  choices: readonly Choice[]
  given: readonly Value[]
  labelledBy: string
  describedBy: string | undefined
  isWrong: boolean
  onAnswer: AnswerTo
}

/** Options as buttons. One stop for Tab however many there are; arrows move inside, digits choose from anywhere inside. */
export function OptionList({ item, choices, given, labelledBy, describedBy, isWrong, onAnswer }: OptionListProps) {
  const name = useId()
  const isNumber = item.kind === 'integer'
  const chosen = given.filter((v) => typeof v !== 'object')
  const own = given.find((v) => typeof v === 'object')

  const choose = (choice: Choice, goOn: boolean) => {
    if (item.isReadOnly) return
    if (!item.isMultiple) return onAnswer([choice.value], { goOn })
    if (chosen.includes(choice.value)) return onAnswer(given.filter((v) => v !== choice.value))
    const kept = given.filter((v) => !choice.isExclusive && !choices.some((c) => c.isExclusive && c.value === v))
    onAnswer([...kept, choice.value])
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isComposing(event.nativeEvent) || event.ctrlKey || event.altKey || event.metaKey) return
    if (event.target instanceof HTMLInputElement && event.target.type === 'text') return
    if (/^\d$/.test(event.key)) {
      const hit = isNumber ? numberFor(event.key, chosen[0], choices) : choices[Number(event.key) - 1]
      if (!hit) return
      event.preventDefault()
      choose(hit, !isNumber || !mayGrow(hit.value, choices))
    } else if (item.isMultiple && /^Arrow/.test(event.key)) {
      event.preventDefault()
      moveFocus(event.currentTarget, event.target, event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : -1)
    }
  }
  const firstChosen = choices.findIndex((c) => chosen.includes(c.value))
  return (
    <fieldset
      role={item.isMultiple ? undefined : 'radiogroup'}
      className="rx-choice"
      style={{ margin: 0, padding: 0, border: 0, minWidth: 0 }}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      {...(item.isMultiple ? {} : { 'aria-required': item.isRequired, 'aria-invalid': isWrong || undefined })}
      onKeyDown={onKeyDown}
    >
      {choices.map((choice, at) => (
        <label key={String(choice.value)} className={chosen.includes(choice.value) ? 'rx-chosen' : undefined}>
          <input
            type={item.isMultiple ? 'checkbox' : 'radio'}
            name={name}
            checked={chosen.includes(choice.value)}
            disabled={item.isReadOnly}
            tabIndex={item.isMultiple && at !== Math.max(0, firstChosen) ? -1 : 0}
            onChange={() => choose(choice, false)}
          />
          {!isNumber && at < 9 && (
            <span className="rx-digit" aria-hidden="true">
              {at + 1}
            </span>
          )}
          <span>{choice.label}</span>
        </label>
      ))}
      {item.kind === 'openChoice' && (
        <input
          className="rx-input"
          style={{ flex: '1 1 160px', width: 'auto' }}
          aria-label={words.form.otherText}
          placeholder={words.form.otherText}
          value={typeof own === 'object' ? own.other : ''}
          disabled={item.isReadOnly}
          onChange={(event) => {
            const rest = item.isMultiple ? chosen : []
            onAnswer(event.target.value === '' ? rest : [...rest, { other: event.target.value }])
          }}
        />
      )}
    </fieldset>
  )
}

/** The number meant by a digit: itself, or 10 when 0 follows a 1 that was just chosen. */
function numberFor(digit: string, before: Value | undefined, choices: readonly Choice[]): Choice | undefined {
  const ten = before === 1 && digit === '0' ? choices.find((c) => c.value === 10) : undefined
  return ten ?? choices.find((c) => c.value === Number(digit))
}

/** 1 may yet become 10, so the cursor stays. */
const mayGrow = (value: Choice['value'], choices: readonly Choice[]) => value === 1 && choices.some((c) => c.value === 10)

function moveFocus(list: HTMLElement, from: EventTarget, by: number): void {
  const boxes = [...list.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')]
  const at = from instanceof HTMLInputElement ? boxes.indexOf(from) : -1
  boxes[(at + by + boxes.length) % boxes.length]?.focus()
}
