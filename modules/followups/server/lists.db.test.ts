import { applyEncounterFacts, type EncounterFacts } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { applyPatientFacts } from '@renxin/patients'
import type { Context } from '@renxin/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { queueLists } from '../contract.ts'
import { planEncounters } from './index.ts'
import { boardQuery, placesQuery } from './queue.ts'
import { openWard } from './ward.fixture.ts'

const { house, departmentId, wardId, nurse } = await openWard()
const STAYS = 3000

beforeAll(async () => {
  const at = (n: number) => new Date(house.now().getTime() + (n % 600) * 3_600_000)
  const ids = await house.inside((ctx) =>
    applyPatientFacts(
      ctx,
      Array.from({ length: STAYS }, (_, n) => ({
        id: newId(),
        identifiers: [{ system: 'HIS', type: 'MR', value: `L${n}` }],
        sourceAt: house.now(),
        name: `患者${n}`,
      })),
    ),
  )
  const facts = ids.flatMap((patientId, n): EncounterFacts[] => {
    const said = {
      number: `L${n}`,
      patientId,
      class: 'inpatient' as const,
      departmentCode: '0301',
      departmentName: '心血管内科',
      sourceAt: at(n),
    }
    return [{ ...said, event: 'discharge', admittedAt: house.now(), dischargedAt: at(n), disposition: '1' }]
  })
  const stays = await house.inside((ctx) => applyEncounterFacts(ctx, facts))
  house.advance({ days: 20 })
  await house.inside((ctx) => planEncounters(ctx, stays))
  await house.ownerSql('vacuum analyze')
}, 120_000)

type Node = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Node[] }
const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)]

/** How PostgreSQL reads the tasks for this query, asked as the application's role, behind the wall between hospitals. */
async function readsOf(compiled: { sql: string; parameters: readonly unknown[] }) {
  const [row] = await house.sql<{ 'QUERY PLAN': [{ Plan: Node }] }>(`explain (format json) ${compiled.sql}`, [...compiled.parameters])
  return nodes(row?.['QUERY PLAN'][0].Plan ?? { 'Node Type': 'none' }).filter((n) => n['Relation Name'] === 'tasks')
}
const asNurse = (ctx: Context): Context => ({
  ...ctx,
  actor: { ...ctx.actor, kind: 'person', id: nurse.id, scope: 'hospital', departments: [departmentId], wards: [wardId], may: new Map() },
})

describe('with many tasks', () => {
  test.each(queueLists)('the list %s is read by its index, a page at a time', async (list) => {
    const reads = await house.inside(async (ctx) => placesQuery(asNurse(ctx), list, 51).compile(ctx.db))

    const found = await readsOf(reads)
    expect(found.length).toBeGreaterThan(0)
    for (const read of found) expect(['tasks_queue', 'tasks_call_backs']).toContain(read['Index Name'])
  })

  test.each(['open', 'overdue', 'unclaimed'] as const)('the administrators’ list of %s tasks is read by deadline', async (show) => {
    const compiled = await house.inside(async (ctx) =>
      boardQuery(asNurse(ctx), { show }).orderBy('t.dueBy').orderBy('t.id').limit(51).compile(),
    )

    expect((await readsOf(compiled)).map((r) => r['Index Name'])).toEqual(['tasks_open'])
  })

  test.each(['done', 'cancelled'] as const)('the administrators’ list of %s tasks is read by the day of closing', async (show) => {
    const compiled = await house.inside(async (ctx) =>
      boardQuery(asNurse(ctx), { show }).orderBy('t.closedAt', 'desc').orderBy('t.id', 'desc').limit(51).compile(),
    )

    expect((await readsOf(compiled)).map((r) => r['Index Name'])).toEqual(['tasks_closed_as'])
  })

  test('one person’s tasks are read as hers, open or closed, however many the others have', async () => {
    const ofNurse = async (show: 'open' | 'done') => {
      const at = show === 'open' ? 't.dueBy' : 't.closedAt'
      const direction = show === 'open' ? 'asc' : 'desc'
      const compiled = await house.inside(async (ctx) =>
        boardQuery(asNurse(ctx), { show, assigneeId: newId() }).orderBy(at, direction).orderBy('t.id', direction).limit(51).compile(),
      )
      return (await readsOf(compiled)).map((r) => r['Index Name'])
    }

    expect(await ofNurse('open')).toEqual(['tasks_open_of'])
    expect(await ofNurse('done')).toEqual(['tasks_closed_of'])
  })

  test('what belongs to one patient is found by him', async () => {
    const found = await readsOf({ sql: 'select 1 from followups.tasks t where t.patient_id = $1 and t.is_open', parameters: [newId()] })

    expect(found[0]?.['Index Name']).toBe('tasks_patient')
  })
})
