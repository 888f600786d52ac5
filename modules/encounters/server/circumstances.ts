/** Who had which part in a visit, why the patient came, and the accident behind it: what is told beside the stay itself. */

export type SaidMember = { role: string; personId: string | null }
export type Member = { role: string; personId: string }

/** As it is kept: moments as ISO text. An absent key was not said, `null` was deleted. */
export type SaidCircumstances = {
  /** Each role that is named is said anew; `null` in the place of a person: nobody has it any more. */
  team?: SaidMember[] | null
  admitReason?: string | null
  accident?: { at: string | null; kind: string | null; place: string | null } | null
}

export type Circumstances = {
  team: Member[]
  admitReason: string | null
  accidentAt: string | null
  accidentKind: string | null
  accidentPlace: string | null
}

export const noCircumstances: Circumstances = { team: [], admitReason: null, accidentAt: null, accidentKind: null, accidentPlace: null }

export function tellCircumstances(tale: Circumstances, said: SaidCircumstances): void {
  if (said.admitReason !== undefined) tale.admitReason = said.admitReason
  if (said.accident !== undefined)
    Object.assign(tale, {
      accidentAt: said.accident?.at ?? null,
      accidentKind: said.accident?.kind ?? null,
      accidentPlace: said.accident?.place ?? null,
    })
  if (said.team === undefined) return
  const roles = new Set(said.team?.map((m) => m.role))
  const others = said.team === null ? [] : tale.team.filter((m) => !roles.has(m.role))
  const named = (said.team ?? []).flatMap(({ role, personId }) => (personId === null ? [] : [{ role, personId }]))
  const each = new Map(named.map((m) => [`${m.role} ${m.personId}`, m]))
  // By role, whatever the order in which they came; of one role as the sender lists them.
  tale.team = [...others, ...each.values()].sort((a, b) => (a.role < b.role ? -1 : a.role > b.role ? 1 : 0))
}
