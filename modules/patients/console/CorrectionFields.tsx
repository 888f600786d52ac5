import { DateField, SelectField, Stack, TextField } from '@renxin/ui'
import { Correctable, Sex } from '../contract.ts'
import { words } from '../words.ts'

const t = words.rights
export type Wanted = { field: Correctable; value: string }

/** A value as people read it: sexes by their word. */
export function shownValue({ field, value }: Wanted): string {
  const sex = field === 'sex' ? Sex.safeParse(value).data : undefined
  return sex ? t.sex[sex] : value
}

/** What is wrong in the file and how it shall be, one line for each. */
export function CorrectionFields({ items, onChange }: { items: readonly Wanted[]; onChange: (items: Wanted[]) => void }) {
  const left = Correctable.options.filter((f) => !items.some((i) => i.field === f))
  const set = (field: Correctable) => (value: string | null) =>
    onChange(items.map((i) => (i.field === field ? { field, value: value ?? '' } : i)))
  return (
    <Stack gap={12}>
      {items.map(({ field, value }) => {
        const label = `${t.field[field]} · ${t.value}`
        if (field === 'birthOn') return <DateField key={field} label={label} value={value || null} onChange={set(field)} />
        if (field === 'sex') {
          const options = Sex.options.map((s) => ({ value: s, label: t.sex[s] }))
          return <SelectField key={field} label={label} value={Sex.safeParse(value).data ?? null} onChange={set(field)} options={options} />
        }
        return <TextField key={field} label={label} value={value} maxLength={200} onChange={set(field)} />
      })}
      {left.length > 0 && (
        <SelectField
          key={items.length}
          label={t.addItem}
          value={null}
          onChange={(field) => field && onChange([...items, { field, value: '' }])}
          options={left.map((f) => ({ value: f, label: t.field[f] }))}
        />
      )}
    </Stack>
  )
}
