import type { PersonEntry, UnitEntry } from '@renxin/staff'
import type { Cells } from './cells.ts'
import type { Setting } from './reading.ts'

/** A member of staff, as the personnel table has him. */
export function personEntry(cells: Cells, { isDeleted }: Pick<Setting, 'isDeleted'>): PersonEntry | undefined {
  const [number, name] = [cells.number('staffNumber'), cells.text('name')]
  if (!number) cells.note('staffNumber', 'missing', '', true)
  if (!name) cells.note('name', 'missing', '', true)
  if (!number || !name) return undefined
  const department = unitOf(cells, 'department')
  const ward = unitOf(cells, 'ward')
  const job = cells.word('job', ['doctor', 'nurse', 'technician', 'manager', 'other'])
  const title = cells.text('title')
  const startedOn = cells.day('startedOn')
  const years = wholeYears(cells)
  const wantedRole = cells.text('wantedRole')
  return {
    number,
    name,
    isActive: !isDeleted && !cells.flag('inactive'),
    ...(job && { job }),
    ...(title !== undefined && { title }),
    ...(startedOn && { startedOn }),
    ...(years !== undefined && { years }),
    ...(wantedRole && { wantedRole: wantedRole.slice(0, 200) }),
    ...((department || ward) && { units: [department, ward].filter((u) => u !== undefined) }),
  }
}

/** A department or a ward. Where the table does not say which, its words do. */
export function unitEntry(cells: Cells, { isDeleted }: Pick<Setting, 'isDeleted'>): UnitEntry | undefined {
  const [code, name] = [cells.number('placeCode'), cells.text('placeName')]
  if (!code) cells.note('placeCode', 'missing', '', true)
  if (!name) cells.note('placeName', 'missing', '', true)
  if (!code || !name) return undefined
  const kind = cells.word('placeKind', ['department', 'ward', 'office']) ?? (/病区|病房|护理单元|ICU$/.test(name) ? 'ward' : 'department')
  const departmentCode = kind === 'ward' ? cells.number('departmentCode') : undefined
  return { kind, code, name, isActive: !isDeleted && !cells.flag('inactive'), ...(departmentCode && { departmentCode }) }
}

/** `12`, `12年`, `12.5`: whole years of work, as lists of staff write them. */
function wholeYears(cells: Cells): number | undefined {
  const said = cells.text('years')
  if (said === undefined) return undefined
  const years = /^(\d{1,2})(?:\.\d+)?\s*年?$/.exec(said.normalize('NFKC'))?.[1]
  return years === undefined ? cells.note('years', 'badNumber', said) : Number(years)
}

function unitOf(cells: Cells, kind: 'department' | 'ward') {
  const [code, name] = [cells.number(`${kind}Code`), cells.text(`${kind}Name`)]
  return code || name ? { kind, code: code ?? null, name: name ?? null } : undefined
}
