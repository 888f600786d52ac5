import { momentAt, wallTime } from '@renxin/kernel'
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { presentZone } from '../formats.ts'
import { Field, type FieldProps } from './Field.tsx'

const asDay = (day: string | null) => (day ? dayjs(day) : null)

type DateFieldProps = FieldProps & {
  /** A calendar day, `2026-09-11`. */
  value: string | null
  onChange: (day: string | null) => void
  min?: string
  max?: string
}

export function DateField({ value, onChange, min, max, ...field }: DateFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <DatePicker
          {...control}
          value={asDay(value)}
          minDate={min ? dayjs(min) : undefined}
          maxDate={max ? dayjs(max) : undefined}
          disabled={field.disabled}
          onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : null)}
        />
      )}
    </Field>
  )
}

type MonthFieldProps = FieldProps & {
  /** A month, `2026-09`. */
  value: string | null
  onChange: (month: string | null) => void
  max?: string
}

export function MonthField({ value, onChange, max, ...field }: MonthFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <DatePicker
          {...control}
          picker="month"
          value={value ? dayjs(`${value}-01`) : null}
          maxDate={max ? dayjs(`${max}-01`) : undefined}
          disabled={field.disabled}
          onChange={(d) => onChange(d ? d.format('YYYY-MM') : null)}
        />
      )}
    </Field>
  )
}

type DaysFieldProps = FieldProps & {
  /** First and last day, both included. */
  value: readonly [string, string] | null
  onChange: (days: [string, string] | null) => void
  max?: string
}

export function DateRangeField({ value, onChange, max, ...field }: DaysFieldProps) {
  return (
    <Field {...field}>
      {({ id, ...control }) => (
        <DatePicker.RangePicker
          {...control}
          id={{ start: id, end: `${id}-end` }}
          separator="~"
          value={value ? [dayjs(value[0]), dayjs(value[1])] : null}
          maxDate={max ? dayjs(max) : undefined}
          disabled={field.disabled}
          onChange={(days) => onChange(days?.[0] && days[1] ? [days[0].format('YYYY-MM-DD'), days[1].format('YYYY-MM-DD')] : null)}
        />
      )}
    </Field>
  )
}

type MomentFieldProps = FieldProps & {
  /** A moment in ISO 8601; chosen and shown by the clock on the hospital's wall. */
  value: string | null
  onChange: (at: string | null) => void
}

export function MomentField({ value, onChange, ...field }: MomentFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <DatePicker
          {...control}
          showTime={{ format: 'HH:mm', minuteStep: 5 }}
          format="YYYY-MM-DD HH:mm"
          value={value ? dayjs(wallTime(new Date(value), presentZone())) : null}
          disabled={field.disabled}
          onChange={(d) => onChange(d ? momentAt(presentZone(), d.format('YYYY-MM-DD'), d.format('HH:mm')).toISOString() : null)}
        />
      )}
    </Field>
  )
}
