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

/** Label, control, hint and error, tied to each other. */
export function Field({ label, hideLabel = false, hint, error, required = false, className, children }: Around) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className={join('rx-field', error && 'rx-field-wrong', className)}>
      <label htmlFor={id} className={hideLabel ? 'rx-hidden' : undefined}>
        {label}
        {required && (
          <span className="rx-required" title={houseWords.required}>
            *
          </span>
        )}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined, 'aria-required': required || undefined })}
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
    </div>
  )
}
