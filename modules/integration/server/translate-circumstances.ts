import type { EncounterFacts } from '@renxin/encounters'
import { type Message, readAll, readStaff, type Segment } from '@renxin/hl7'
import { wholeName } from './translate-person.ts'
import { momentIn, type Reading, wordsOf } from './values.ts'

type Said = Pick<EncounterFacts, 'team' | 'nurse' | 'admitReason' | 'accident'>

/** What a message says beside the stay itself: ROL, who has which part in it; PV2-3, why the patient came; ACC, the accident behind it. */
export function circumstancesOf(message: Message, reading: Reading): Said {
  const team = teamOf(message)
  const nurse = team?.find((m) => /责任护士|责任护理|主管护士/.test(m.role) && (m.number || m.name))
  return {
    team,
    nurse: nurse && { number: nurse.number ?? null, name: nurse.name ?? null },
    admitReason: reasonOf(message),
    accident: accidentOf(message, reading),
  }
}

/** HL7 table 0443. */
const roles = ['AD', 'AT', 'CP', 'FHCP', 'PP', 'RP', 'RT']
const LONGEST_ROLE = 60

/** One line for each person; a role that is taken back (ROL-2 `DE`) and has nobody else is said to have nobody. */
function teamOf(message: Message): EncounterFacts['team'] {
  const all = message.all('ROL').flatMap((s) => {
    const role = roleOf(s)
    const isGone = s.get(2, 1)?.trim().toUpperCase() === 'DE'
    const people = isGone ? [] : readAll(s, 4, readStaff)
    return role ? [{ role, people, isGone }] : []
  })
  if (all.length === 0) return undefined
  return [...Map.groupBy(all, (r) => r.role)].flatMap(([role, said]) => {
    const named = said.flatMap(({ people }) =>
      people.flatMap(({ id, ...name }) => {
        const spoken = wholeName(name)
        return id || spoken ? [{ role, number: id ?? null, name: spoken || null }] : []
      }),
    )
    if (named.length > 0) return named
    return said.some((r) => r.isGone) ? [{ role, number: null, name: null }] : []
  })
}

/** The code where it is one of the standard's, else the sender's word for it. */
function roleOf(segment: Segment): string | undefined {
  const value = segment.first(3)
  const code = value?.get(1)?.trim().toUpperCase()
  return code && roles.includes(code) ? code : wordsOf(value)?.slice(0, LONGEST_ROLE)
}

function reasonOf(message: Message): string | null | undefined {
  const pv2 = message.first('PV2')
  return pv2?.isDeleted(3) ? null : wordsOf(pv2?.first(3))
}

function accidentOf(message: Message, reading: Reading): EncounterFacts['accident'] {
  const acc = message.first('ACC')
  if (!acc) return undefined
  const at = momentIn(acc.get(1, 1), reading, 'ACC-1') ?? null
  const kind = wordsOf(acc.first(2)) ?? null
  const place = wordsOf(acc.first(3)) ?? null
  if (at || kind || place) return { at, kind, place }
  return acc.isDeleted(1) || acc.isDeleted(2) ? null : undefined
}
