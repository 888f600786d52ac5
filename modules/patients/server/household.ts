import type { Input, Reply } from '@renxin/kernel'
import { type Context, openText, sql } from '@renxin/server'
import type { Relation, Relative, reachApi } from '../contract.ts'
import { maskPhone } from '../person/phone.ts'
import { listCards } from './cards.ts'
import { patientVisible } from './care.ts'
import { visibleId } from './get-patient.ts'

type Api = typeof reachApi

/** A number of an enterprise or a home has many: who shares it says nothing then. */
const MOST_RELATIVES = 20

/** Who else is reached by the telephones of this patient, as far as the reader may see them, and who answers for whom. */
export async function householdOf(ctx: Context, { patientId }: Input<Api['household']>): Promise<Reply<Api['household']>> {
  const id = await visibleId(ctx, patientId)
  const { rows } = await sql<{ otherId: string; mine: Relation; theirs: Relation; phone: Buffer }>`
    select o.patient_id as other_id, c.relation as mine, o.relation as theirs, c.phone
      from patients.contacts c
      join patients.contacts o on o.phone_index = c.phone_index and o.patient_id <> c.patient_id
     where c.patient_id = ${id}::uuid and not c.is_void and not o.is_void and ${patientVisible(ctx, 'o.patientId')}
     order by o.patient_id limit ${5 * MOST_RELATIVES}`.execute(ctx.db)
  const byPerson = [...Map.groupBy(rows, (r) => r.otherId)]
  const shown = byPerson.slice(0, MOST_RELATIVES)
  const cards = new Map((await listCards(ctx, shown.map(([other]) => other))).map((c) => [c.id, c])) // biome-ignore format: one thought
  const relatives = shown.flatMap(([otherId, ties]): Relative[] => {
    const person = cards.get(otherId)
    const best = ties.map((t) => ({ ...tieOf(t), masked: maskPhone(openText(ctx, t.phone)) })).sort((a, b) => weight(a) - weight(b))[0]
    return person && best ? [{ id: otherId, person, ...best }] : []
  })
  return { patientId: id, rows: relatives, more: byPerson.length > MOST_RELATIVES }
}

/** A number that is my son's in my file and his own in his: he answers for me. */
function tieOf({ mine, theirs }: { mine: Relation; theirs: Relation }): Pick<Relative, 'tie' | 'relation'> {
  if (mine !== 'self' && theirs === 'self') return { tie: 'answersForThis', relation: mine }
  if (mine === 'self' && theirs !== 'self') return { tie: 'thisAnswersFor', relation: theirs }
  return { tie: mine === 'self' ? 'sharesPhone' : 'sharesContact', relation: null }
}

const order: Relative['tie'][] = ['answersForThis', 'thisAnswersFor', 'sharesPhone', 'sharesContact']
const weight = ({ tie }: Pick<Relative, 'tie'>) => order.indexOf(tie)
