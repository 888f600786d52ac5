import type { EncounterFacts } from '@renxin/encounters'
import { displayIn, elementsOf, entryOf, isElement, type Resource, spanOf, type Target, targetIn, textOf } from '@renxin/fhir'
import { spokenCode } from './facts-patient.ts'
import type { Setting } from './setting.ts'

/** What a reference to a person or a place means in the product. */
export type Known = {
  person(target: Target): { number: string | null; name: string | null } | undefined
  unit(target: Target): { kind: string; code: string | null; name: string } | undefined
  hospitalName: string
}

type Person = { number: string | null; name: string | null }
type Participant = { role: string | null; words: readonly string[]; person: Person | undefined; isOver: boolean }
type Telling = { sourceAt: Date; setting: Setting; known: Known; before: Resource | undefined }

/** What HL7's table 0443 calls a participation of the standard. */
export const participations = { ATND: 'AT', ADM: 'AD', CON: 'CP', REF: 'RP' } as const
/** Its codes; any other role is the sender's own word. */
export const roles: readonly string[] = ['AD', 'AT', 'CP', 'FHCP', 'PP', 'RP', 'RT']
const LONGEST_ROLE = 60

/**
 * The attending doctor, the responsible nurse, and whoever else has a part in a visit, as PV1-7 and ROL say it. A role is said to have nobody any more where
 * its participation ended before the visit did, and where the version before had it and this one has not.
 */
export function peopleOf(resource: Resource, { before, ...telling }: Telling): Pick<EncounterFacts, 'attending' | 'nurse' | 'team'> {
  const all = participantsOf(resource, telling)
  const { attending, nurse, others } = partsOf(all.filter((p) => !p.isOver))
  const named = others.flatMap(({ role, person }) => (role && person ? [{ role, ...person }] : []))
  const been = [...all.filter((p) => p.isOver), ...(before ? partsOf(participantsOf(before, telling)).others : [])]
  const gone = new Set(been.flatMap(({ role }) => (role && !others.some((o) => o.role === role) ? [role] : [])))
  const team = [...named, ...[...gone].map((role) => ({ role, number: null, name: null }))]
  return {
    ...(attending?.person ? { attending: attending.person } : {}),
    ...(nurse?.person ? { nurse: nurse.person } : {}),
    ...(team.length > 0 ? { team } : {}),
  }
}

/** Who was admitted by somebody and is treated by nobody else has him for both. */
function partsOf(all: readonly Participant[]) {
  const known = all.filter((p) => p.person)
  const nurse = known.find(isNurse)
  const attending =
    known.find((p) => p.words.some((w) => w === 'ATND' || /主治|主管医|attend/i.test(w))) ??
    known.find((p) => p !== nurse && (p.words.length === 0 || p.words.some((w) => w === 'PPRF' || w === 'ADM')))
  return { nurse, attending, others: all.filter((p) => p !== nurse && (p !== attending || p.role === 'AD')) }
}

const isNurse = (p: Participant) => p.words.some((w) => /护士|nurse/i.test(w))

/** Those of the house: relatives have no part in the team. */
function participantsOf(resource: Resource, { sourceAt, setting, known }: Omit<Telling, 'before'>): Participant[] {
  const endOf = (period: unknown) => (isElement(period) ? spanOf(period.end, setting.dayStart) : undefined)
  const visitEnd = endOf(resource.period)?.low
  const ofTheHouse = elementsOf(resource.participant).filter((p) => targetIn(p.individual)?.type !== 'RelatedPerson')
  return ofTheHouse.map((p) => {
    const codes = elementsOf(p.type).flatMap((t) => elementsOf(t.coding).map((c) => textOf(c.code)?.trim() ?? ''))
    const spoken = elementsOf(p.type).flatMap((t) => spokenCode(t)?.trim() || [])
    const end = endOf(p.period)?.high
    return {
      role: roleOf(codes, spoken),
      words: [...spoken, ...codes],
      person: personOf(p.individual, known),
      isOver: end !== undefined && end <= sourceAt && (!visitEnd || end <= visitEnd),
    }
  })
}

/** The code where it is one of the table's, else the sender's word for it; a part without a name is none. */
function roleOf(codes: readonly string[], spoken: readonly string[]): string | null {
  for (const code of codes) {
    const known = entryOf(participations, code) ?? (roles.includes(code) ? code : undefined)
    if (known) return known
  }
  return spoken[0]?.slice(0, LONGEST_ROLE) ?? codes[0]?.slice(0, LONGEST_ROLE) ?? null
}

export function personOf(reference: unknown, known: Known): Person | undefined {
  const target = targetIn(reference)
  const person = target && known.person(target)
  const name = displayIn(reference)?.trim().slice(0, 100)
  return person ?? (name ? { number: null, name } : undefined)
}
