import type { Input } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import type { followupsApi, TimelineKind } from '../contract.ts'
import { seen } from './rows.ts'
import { db } from './tables.ts'

/** What was tried and what is planned for one patient, newest first. */
export async function readTimeline(ctx: Context, { patientId, ...cursor }: Input<typeof followupsApi.timeline>) {
  const tries = db(ctx)
    .selectFrom('followups.attempts as a')
    .innerJoin('followups.tasks as t', 't.id', 'a.taskId')
    .where('a.patientId', '=', patientId)
    .where('a.outcome', 'is not', null)
    .where('a.outcome', '<>', 'notRecorded')
    .where(seen(ctx))
    .select(['a.id', 'a.startedAt as at', 'a.taskId', 't.programmeId', 't.patientId', 'a.note as text'])
    .select(sql<TimelineKind>`a.outcome`.as('kind'))
  const planned = db(ctx)
    .selectFrom('followups.tasks as t')
    .where('t.patientId', '=', patientId)
    .where((eb) => eb.or([sql<boolean>`t.is_open`, eb('t.status', '=', 'cancelled')]))
    .where(seen(ctx))
    .select(['t.id', sql<Date>`coalesce(t.closed_at, t.due_from)`.as('at'), 't.id as taskId', 't.programmeId', 't.patientId'])
    .select([sql<string>`''`.as('text'), sql<TimelineKind>`case when t.is_open then 'planned' else 'cancelled' end`.as('kind')])
  const found = await paged(
    db(ctx)
      .selectFrom(tries.unionAll(planned).as('x'))
      .innerJoin('followups.programmes as g', 'g.id', 'x.programmeId')
      .select(['x.id', 'x.at', 'x.kind', 'x.taskId', 'x.patientId', 'x.text', 'g.name as title']),
    cursor,
    ['x.at', 'x.id'],
    'desc',
  )
  return {
    next: found.next,
    rows: found.rows.map((r) => ({
      id: r.id,
      at: r.at,
      kind: r.kind,
      title: r.title,
      text: r.text || null,
      patientId: r.patientId,
      link: { page: 'followups.task', params: { id: r.taskId } },
      tone: tones[r.kind] ?? ('plain' as const),
    })),
  }
}

const tones: Partial<Record<TimelineKind, 'plain' | 'good' | 'bad' | 'warning'>> = {
  reached: 'good',
  relativeAnswered: 'good',
  refused: 'warning',
  wrongNumber: 'warning',
  voidNumber: 'warning',
}
