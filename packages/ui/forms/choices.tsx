import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { join } from '../parts/join.ts'
import { describedBy, type FieldProps, Foot, RequiredMark } from './Field.tsx'

type ChoiceOption<V> = { value: V; label: ReactNode; hint?: string; disabled?: boolean }

type GroupProps = FieldProps & { children: ReactNode; role?: 'radiogroup'; onKeyDown?: (event: KeyboardEvent) => void; look?: string }

function Group({ label, hideLabel, hint, error, required, className, children, role, onKeyDown, look }: GroupProps) {
  const id = useId()
  return (
    <fieldset
      className={join('rx-field', error && 'rx-field-wrong', className)}
      role={role}
      aria-describedby={describedBy({ id, hint, error })}
      onKeyDown={onKeyDown}
    >
      <legend className={hideLabel ? 'rx-hidden' : 'rx-label'}>
        {label}
        {required && <RequiredMark />}
      </legend>
      <div className={look}>{children}</div>
      <Foot id={id} hint={hint} error={error} />
    </fieldset>
  )
}

/** 1 to 9 choose an option while the focus is inside. */
const byDigit = (count: number, choose: (at: number) => void) => (event: KeyboardEvent) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.nativeEvent.isComposing || !/^[1-9]$/.test(event.key)) return
  const at = Number(event.key) - 1
  if (at >= count) return
  event.preventDefault()
  choose(at)
}

type ChoiceProps<V extends string | number | boolean> = FieldProps & {
  value: V | null | undefined
  onChange: (value: V) => void
  options: readonly ChoiceOption<V>[]
  /** Draws the digit that chooses each option. */
  numbered?: boolean
  /** Beneath each other instead of side by side. */
  stacked?: boolean
}

/** One of a few, as buttons: arrow keys move, digits choose. */
export function Choice<V extends string | number | boolean>({
  value,
  onChange,
  options,
  numbered = false,
  stacked = false,
  ...field
}: ChoiceProps<V>) {
  const name = useId()
  const choose = (at: number) => {
    const option = options[at]
    if (option && !option.disabled && !field.disabled) onChange(option.value)
  }
  return (
    <Group
      {...field}
      role="radiogroup"
      onKeyDown={byDigit(options.length, choose)}
      look={join('rx-choice', stacked && 'rx-choice-stacked')}
    >
      {options.map((option, at) => (
        <label key={String(option.value)} title={option.hint} className={option.value === value ? 'rx-chosen' : undefined}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={field.disabled || option.disabled}
            onChange={() => onChange(option.value)}
          />
          {numbered && at < 9 && (
            <span className="rx-digit" aria-hidden="true">
              {at + 1}
            </span>
          )}
          <span>{option.label}</span>
        </label>
      ))}
    </Group>
  )
}

type MultiChoiceProps<V extends string | number> = FieldProps & {
  value: readonly V[]
  onChange: (values: V[]) => void
  options: readonly ChoiceOption<V>[]
  numbered?: boolean
  stacked?: boolean
}

/** Some of a few: Space or its digit toggles. */
export function MultiChoice<V extends string | number>({
  value,
  onChange,
  options,
  numbered = false,
  stacked = false,
  ...field
}: MultiChoiceProps<V>) {
  const toggle = (at: number) => {
    const option = options[at]
    if (!option || option.disabled || field.disabled) return
    onChange(value.includes(option.value) ? value.filter((v) => v !== option.value) : [...value, option.value])
  }
  return (
    <Group {...field} onKeyDown={byDigit(options.length, toggle)} look={join('rx-choice', stacked && 'rx-choice-stacked')}>
      {options.map((option, at) => (
        <label key={option.value} title={option.hint} className={value.includes(option.value) ? 'rx-chosen' : undefined}>
          <input
            type="checkbox"
            checked={value.includes(option.value)}
            disabled={field.disabled || option.disabled}
            onChange={() => toggle(at)}
          />
          {numbered && at < 9 && (
            <span className="rx-digit" aria-hidden="true">
              {at + 1}
            </span>
          )}
          <span>{option.label}</span>
        </label>
      ))}
    </Group>
  )
}

type CheckFieldProps = Omit<FieldProps, 'required'> & { value: boolean; onChange: (value: boolean) => void }

/** Yes or no, its label beside it. */
export function CheckField({ label, value, onChange, hint, error, disabled, hideLabel, className }: CheckFieldProps) {
  const id = useId()
  return (
    <div className={join('rx-field', className)}>
      <label className="rx-check">
        <input
          type="checkbox"
          checked={value}
          disabled={disabled}
          aria-describedby={describedBy({ id, hint, error })}
          aria-invalid={error ? true : undefined}
          onChange={(e) => onChange(e.target.checked)}
        />
        <span className={hideLabel ? 'rx-hidden' : undefined}>{label}</span>
      </label>
      <Foot id={id} hint={hint} error={error} />
    </div>
  )
}
