import { type ReactNode, useId } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { join } from '../parts/join.ts'
import { houseWords } from '../words.ts'

/** What every control has around it. */
export type FieldProps = {
  label: string
  /** The label is read out but not drawn: where the place says it. */
  hideLabel?: boolean
  hint?: ReactNode
  /** What is wrong with it: `手机号少 1 位`. Tied to the control and announced. */
  error?: string | undefined
  required?: boolean
  disabled?: boolean
  className?: string
}

type Around = FieldProps & {
  children: (control: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': true | undefined
    'aria-required': true | undefined
  }) => ReactNode
}

type Said = Pick<FieldProps, 'hint' | 'error'> & { id: string }

/** What a control's `aria-describedby` names of its `Foot`. */
export const describedBy = ({ id, hint, error }: Said) =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined

export const RequiredMark = () => (
  <span className="rx-required" title={houseWords.required}>
    *
  </span>
)

/** Hint and error below a control. */
export const Foot = ({ id, hint, error }: Said) => (
  <>
    {hint && (
      <div className="rx-hint" id={`${id}-hint`}>
        {hint}
      </div>
    )}
    <div aria-live="polite">
      {error && (
        <div className="rx-field-error" id={`${id}-error`}>
          <Icon name="warning" size={14} />
          {error}
        </div>
      )}
    </div>
  </>
)

/** Label, control, hint and error, tied to each other. */
export function Field({ label, hideLabel = false, hint, error, required = false, className, children }: Around) {
  const id = useId()
  return (
    <div className={join('rx-field', error && 'rx-field-wrong', className)}>
      <label htmlFor={id} className={hideLabel ? 'rx-hidden' : undefined}>
        {label}
        {required && <RequiredMark />}
      </label>
      {children({
        id,
        'aria-describedby': describedBy({ id, hint, error }),
        'aria-invalid': error ? true : undefined,
        'aria-required': required || undefined,
      })}
      <Foot id={id} hint={hint} error={error} />
    </div>
  )
}
