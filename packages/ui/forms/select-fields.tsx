import { Select } from 'antd'
import { houseWords } from '../words.ts'
import { Field, type FieldProps } from './Field.tsx'

export type Option<V extends string | number = string> = { value: V; label: string; disabled?: boolean }

type Shared<V extends string | number> = FieldProps & {
  options: readonly Option<V>[]
  placeholder?: string
  /** Called while somebody types, where the options come from the server; without it the given ones are filtered. */
  onSearch?: (text: string) => void
  loading?: boolean
}

const shared = <V extends string | number>({ options, placeholder, onSearch, loading, disabled }: Shared<V>) => ({
  options: options.map((o) => ({ ...o })),
  placeholder: placeholder ?? houseWords.pleaseChoose,
  loading: loading ?? false,
  disabled: disabled ?? false,
  allowClear: true,
  showSearch: onSearch ? { filterOption: false as const, onSearch } : { optionFilterProp: 'label' },
  style: { width: '100%' },
})

type SelectFieldProps<V extends string | number> = Shared<V> & { value: V | null; onChange: (value: V | null) => void }

/** One of many; a few are better as a `Choice`. */
export function SelectField<V extends string | number = string>({ value, onChange, ...rest }: SelectFieldProps<V>) {
  return (
    <Field {...rest}>
      {(control) => (
        <Select<V>
          {...control}
          {...shared(rest)}
          allowClear={!rest.required}
          value={value}
          onChange={(v: V | undefined) => onChange(v ?? null)}
        />
      )}
    </Field>
  )
}

type MultiSelectFieldProps<V extends string | number> = Shared<V> & { value: readonly V[]; onChange: (values: V[]) => void }

export function MultiSelectField<V extends string | number = string>({ value, onChange, ...rest }: MultiSelectFieldProps<V>) {
  return (
    <Field {...rest}>
      {(control) => (
        <Select<V[]>
          {...control}
          {...shared(rest)}
          mode="multiple"
          maxTagCount="responsive"
          value={[...value]}
          onChange={(v) => onChange(v)}
        />
      )}
    </Field>
  )
}
