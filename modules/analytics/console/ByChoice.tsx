import { Choice } from '@renxin/ui'

type ByChoiceProps<T extends string> = {
  label: string
  of: readonly T[]
  by: T
  nameOf: (by: T) => string
  onBy: (by: T) => void
}

/** By what a table is taken apart. */
export function ByChoice<T extends string>({ label, of, by, nameOf, onBy }: ByChoiceProps<T>) {
  return (
    <Choice
      label={label}
      hideLabel
      value={by}
      onChange={(value) => value && onBy(value)}
      options={of.map((value) => ({ value, label: nameOf(value) }))}
    />
  )
}
