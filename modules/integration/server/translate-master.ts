import { type Message, readLocation, readName, type Segment } from '@renxin/hl7'
import type { PersonEntry, UnitEntry } from '@renxin/staff'
import type { Job } from '@renxin/staff/contract'
import { wholeName } from './translate-person.ts'
import { groupsOf, wordsOf } from './values.ts'

/** Staff and places as a master file has them: a register, whose word counts. */
export type MasterSaid = { people: PersonEntry[]; places: UnitEntry[] }

/** MFN M02 (staff) and M05 (places): one entry for each MFE. */
export function masterOf(message: Message): MasterSaid {
  const said: MasterSaid = { people: [], places: [] }
  for (const entry of groupsOf(message, (s) => s.name === 'MFE')) {
    const isGone = ['MDL', 'MDC'].includes(entry.get('MFE-1.1')?.trim().toUpperCase() ?? '')
    const [staff, place] = [entry.first('STF'), entry.first('LOC')]
    if (staff) said.people.push(...personOf(staff, entry, isGone))
    if (place) said.places.push(...placeOf(place, isGone))
  }
  return said
}

function personOf(staff: Segment, entry: Message, isGone: boolean): MasterSaid['people'] {
  const number = staff.get(2, 1)?.trim() || staff.get(1, 1)?.trim() || entry.get('MFE-4.1')?.trim() || null
  const spoken = staff.first(3)
  const name = (spoken && wholeName(readName(spoken))) || null
  if (!number && !name) return []
  const department = wordsOf(staff.first(8))
  const isActive = !isGone && staff.get(7, 1)?.trim().toUpperCase() !== 'I'
  return [{ number, name, job: jobOf(staff), isActive, ...(department && { units: [{ kind: 'department', name: department }] }) }]
}

/** STF-4 is a word of the hospital's own. */
function jobOf(staff: Segment): Job {
  const said = staff.repetitions(4).map((r) => `${r.get(1) ?? ''} ${r.get(2) ?? ''}`).join(' ') // biome-ignore format: one thought
  if (/护|nurs|^RN\b|\bN\b/i.test(said)) return 'nurse'
  return /医|doctor|physician|^MD\b|\bD\b/i.test(said) ? 'doctor' : 'other'
}

/** LOC-3 (HL7 table 0260): nursing units, clinics and departments. Rooms and beds are known by who lies in them. */
function placeOf(place: Segment, isGone: boolean): MasterSaid['places'] {
  const kind = { N: 'ward', C: 'department', D: 'department' }[place.get(3, 1)?.trim().toUpperCase() ?? '']
  const at = place.first(1)
  const code = (at && readLocation(at).ward?.trim()) || null
  const name = place.get(2)?.trim() || null
  if ((kind !== 'ward' && kind !== 'department') || (!code && !name)) return []
  return [{ kind, code, name, isActive: !isGone }]
}
