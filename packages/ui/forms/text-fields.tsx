import { type HTMLInputAutoCompleteAttribute, type Ref, useState } from 'react'
import { Field, type FieldProps } from './Field.tsx'

type TextFieldProps = FieldProps & {
  value: string
  onChange: (value: string) => void
  placeholder?: string
  maxLength?: number | undefined
  type?: 'text' | 'password' | 'tel' | 'email' | 'search'
  autoComplete?: HTMLInputAutoCompleteAttribute
  autoFocus?: boolean
  onBlur?: () => void
  ref?: Ref<HTMLInputElement>
}

export function TextField({
  value,
  onChange,
  placeholder,
  maxLength,
  type = 'text',
  autoComplete = 'off',
  autoFocus,
  onBlur,
  ref,
  ...field
}: TextFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          ref={ref}
          className="rx-input"
          type={type}
          value={value}
          placeholder={placeholder}
          maxLength={maxLength}
          autoComplete={autoComplete}
          // biome-ignore lint/a11y/noAutofocus: a dialog that asks one thing puts the cursor there
          autoFocus={autoFocus}
          disabled={field.disabled}
          onBlur={onBlur}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}

type TextAreaProps = FieldProps & {
  value: string
  onChange: (value: string) => void
  rows?: number
  placeholder?: string
  maxLength?: number | undefined
  autoFocus?: boolean
  onBlur?: () => void
  ref?: Ref<HTMLTextAreaElement>
}

export function TextArea({ value, onChange, rows = 3, placeholder, maxLength, autoFocus, onBlur, ref, ...field }: TextAreaProps) {
  return (
    <Field {...field}>
      {(control) => (
        <>
          <textarea
            {...control}
            ref={ref}
            className="rx-input rx-textarea"
            rows={rows}
            value={value}
            placeholder={placeholder}
            maxLength={maxLength}
            // biome-ignore lint/a11y/noAutofocus: a dialog that asks one thing puts the cursor there
            autoFocus={autoFocus}
            disabled={field.disabled}
            onBlur={onBlur}
            onChange={(e) => onChange(e.target.value)}
          />
          {maxLength !== undefined && value.length > maxLength * 0.8 && (
            <div className="rx-hint rx-counter">
              {value.length} / {maxLength}
            </div>
          )}
        </>
      )}
    </Field>
  )
}

type NumberFieldProps = FieldProps & {
  value: number | null
  /** Called with what is a number; text that is none is kept in the field and told by the error. */
  onChange: (value: number | null) => void
  min?: number
  max?: number
  digits?: number
  unit?: string
  autoFocus?: boolean
}

const read = (text: string): number | null => {
  // Input methods leave full-width digits and signs behind.
  const plain = text.normalize('NFKC').trim()
  return plain === '' || !/^-?\d*\.?\d+$/.test(plain) ? null : Number(plain)
}

export function NumberField({ value, onChange, min, max, digits = 0, unit, autoFocus, ...field }: NumberFieldProps) {
  const [text, setText] = useState(value === null ? '' : String(value))
  const shown = read(text) === value ? text : value === null ? (read(text) === null ? text : '') : String(value)
  const change = (next: string) => {
    setText(next)
    const n = read(next)
    if (n === null) return onChange(null)
    onChange(Number(Math.min(max ?? n, Math.max(min ?? n, n)).toFixed(digits)))
  }
  return (
    <Field {...field}>
      {(control) => (
        <span className="rx-with-unit">
          <input
            {...control}
            className="rx-input rx-number"
            inputMode={digits > 0 ? 'decimal' : 'numeric'}
            value={shown}
            autoComplete="off"
            // biome-ignore lint/a11y/noAutofocus: a dialog that asks one thing puts the cursor there
            autoFocus={autoFocus}
            disabled={field.disabled}
            onChange={(e) => change(e.target.value)}
            onBlur={() => setText(value === null ? '' : String(value))}
          />
          {unit && <span className="rx-unit">{unit}</span>}
        </span>
      )}
    </Field>
  )
}
