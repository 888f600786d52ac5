import { type Context, sql } from '@renxin/server'
import type { PatientCard, PatientLine, Warning } from '../contract.ts'
import { visibleId } from './get-patient.ts'
import { classShown, shownName } from './privacy/shown.ts'
import { standingsOf } from './read-standings.ts'
import { showName } from './show-name.ts'
import { db } from './tables.ts'

/** A header for a page about a patient. */
export async function getCard(ctx: Context, id: string): Promise<PatientCard> {
  const [card] = await listCards(ctx, [await visibleId(ctx, id)])
  if (!card) throw new Error(`patient ${id} vanished`)
  return card
}

/** Lines of the list for these patients, in this order. */
export async function linesOf(ctx: Context, ids: readonly string[]): Promise<PatientLine[]> {
  if (ids.length === 0) return []
  const cards = new Map((await listCards(ctx, ids)).map((c) => [c.id, c]))
  const standings = await standingsOf(ctx, ids)
  return ids.flatMap((id) => {
    const [card, standing] = [cards.get(id), standings.get(id)]
    return card && standing ? { ...card, standing } : []
  })
}

/** Cards of these patients, who must be visible to the actor, in no order. */
export async function listCards(ctx: Context, ids: readonly string[]): Promise<PatientCard[]> {
  if (ids.length === 0) return []
  const rows = await db(ctx)
    .selectFrom('patients.patients as p')
    .where('p.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .select(['p.id', 'p.sex', 'p.birthOn', 'p.deceasedAt', 'p.medicalRecordNumber', 'p.identityClass', 'p.payer', 'p.bed'])
    .select([shownName.as('name'), classShown.as('privacy')])
    .select([
      sql<PatientCard['tags']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'tone', g.tone) order by g.name)
        from (select distinct tag_id from patients.tagged where patient_id = p.id) t join patients.tags g on g.id = t.tag_id), '[]')`.as(
        'tags',
      ),
      sql<boolean>`exists (select from patients.refusals r where r.patient_id = p.id)`.as('hasRefused'),
      sql<boolean>`exists (
        select from patients.holds h where h.patient_id = p.id and h.released_at is null and h.cause = 'openComplaint')`.as('hasComplaint'),
      sql<boolean>`p.phones > 0`.as('hasPhone'),
      sql<boolean>`exists (select from patients.conflicts c where c.patient_id = p.id and c.other_id <> p.id and c.dismissed_at is null)
        or exists (select from patients.conflicts c where c.other_id = p.id and c.patient_id <> p.id and c.dismissed_at is null)`.as(
        'hasConflict',
      ),
    ])
    .execute()
  return rows.map(({ hasRefused, hasComplaint, hasPhone, hasConflict, deceasedAt, ...row }) => {
    const warnings: [boolean, Warning][] = [
      [deceasedAt !== null, 'deceased'],
      [hasRefused, 'refused'],
      [hasComplaint, 'openComplaint'],
      [!hasPhone, 'noPhone'],
      [hasConflict, 'possibleDuplicate'],
    ]
    return {
      ...row,
      name: showName(ctx, row.name),
      deceasedAt: deceasedAt?.toISOString() ?? null,
      warnings: warnings.flatMap(([isSo, warning]) => (isSo ? [warning] : [])),
    }
  })
}
