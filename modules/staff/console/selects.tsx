import { useRead } from '@renxin/client'
import { type FieldProps, MultiSelectField, SelectField } from '@renxin/ui'
import { useMemo, useState } from 'react'
import { type Job, staffApi, type Unit, type UnitKind } from '../contract.ts'
import { words } from '../words.ts'

type Units = { kinds?: readonly UnitKind[] }

/** A ward is told apart by its department. */
const labelOf = (unit: Unit) => (unit.departmentName ? `${unit.name}（${unit.departmentName}）` : unit.name)

function useUnitOptions({ kinds }: Units) {
  const units = useRead(staffApi.units, {})
  const options = useMemo(
    () => (units.data?.rows ?? []).filter((u) => !kinds || kinds.includes(u.kind)).map((u) => ({ value: u.id, label: labelOf(u) })),
    [units.data, kinds],
  )
  return { options, loading: units.isLoading, placeholder: words.chooseUnit }
}

/** One department, ward or office. */
export function UnitSelect({ kinds, ...field }: FieldProps & Units & { value: string | null; onChange: (id: string | null) => void }) {
  return <SelectField {...useUnitOptions({ kinds })} {...field} />
}

/** Several departments, wards or offices. */
export function UnitsSelect({ kinds, ...field }: FieldProps & Units & { value: readonly string[]; onChange: (ids: string[]) => void }) {
  return <MultiSelectField {...useUnitOptions({ kinds })} {...field} />
}

type Named = { id: string; name: string }
type People = {
  job?: Job
  unitId?: string
  /** Those chosen before, whose names the search does not bring. */
  known?: readonly Named[]
}

function usePeopleOptions({ job, unitId, known = [] }: People) {
  const [search, setSearch] = useState('')
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(new Map())
  const people = useRead(staffApi.people, { search, limit: 20, ...(job && { job }), ...(unitId && { unitId }) }, { keep: true })
  const found = (people.data?.rows ?? []).map((p) => ({ value: p.id, label: p.number ? `${p.name}（${p.number}）` : p.name }))
  const others = [...known.map((k): [string, string] => [k.id, k.name]), ...seen]
  const options = [...new Map([...others, ...found.map((o): [string, string] => [o.value, o.label])])].map(([value, label]) => ({
    value,
    label,
  }))
  const remember = (ids: readonly string[]) => setSeen(new Map(options.filter((o) => ids.includes(o.value)).map((o) => [o.value, o.label])))
  return { options, loading: people.isFetching, onSearch: setSearch, placeholder: words.choosePerson, remember }
}

/** One member of staff, searched by name, initials or number. */
export function PersonSelect({
  job,
  unitId,
  known,
  value,
  onChange,
  ...field
}: FieldProps & People & { value: string | null; onChange: (id: string | null) => void }) {
  const { remember, ...select } = usePeopleOptions({ job, unitId, known })
  const change = (id: string | null) => {
    remember(id ? [id] : [])
    onChange(id)
  }
  return <SelectField {...select} {...field} value={value} onChange={change} />
}

/** Several members of staff. */
export function PeopleSelect({
  job,
  unitId,
  known,
  value,
  onChange,
  ...field
}: FieldProps & People & { value: readonly string[]; onChange: (ids: string[]) => void }) {
  const { remember, ...select } = usePeopleOptions({ job, unitId, known })
  const change = (ids: string[]) => {
    remember(ids)
    onChange(ids)
  }
  return <MultiSelectField {...select} {...field} value={value} onChange={change} />
}
