import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { followupsApi } from '../contract.ts'
import { claimNext } from './hands.ts'
import { openWard } from './ward.fixture.ts'

const NURSES = 10
const { house, departmentId, dueCall, tasksOf } = await openWard(undefined, { poolSize: NURSES + 2 })
const nurses = Array.from({ length: NURSES }, (_, n) =>
  house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital' }, { name: `护士${n}`, departments: [departmentId] }),
)
const some = await dueCall()
const [model] = (await tasksOf(some.patientId)).filter((t) => t.id === some.id)
await house.sql(
  `update followups.tasks set status = 'cancelled', close_reason = 'manual', closed_at = now(), closed_on = now()::date where status <> 'cancelled'`,
)

/** So many tasks that may be worked now, of every risk, shared out among these pools; the number before the next ones. */
let laid = 100
async function lay(count: number, pools: readonly string[]): Promise<void> {
  await house.sql(
    `insert into followups.tasks (id, programme_id, version_id, step, patient_id, encounter_id, department_id, channel, due_from, due_by, next_at, queue_at, pool_id, risk)
     select gen_random_uuid(), t.programme_id, t.version_id, $2 + n, t.patient_id, t.encounter_id, t.department_id, 'phone', t.due_from, t.due_by, t.due_from,
            t.due_by - (n * 7919 % 54) * interval '1 hour', ($4::uuid[])[1 + n % array_length($4::uuid[], 1)], n * 7919 % 54
       from followups.tasks t, generate_series(1, $3) n where t.id = $1`,
    [some.id, laid, count, pools],
  )
  laid += count
}
type Laid = { id: string; assignee_id: string | null }
const inOrder = () => house.sql<Laid>(`select id, assignee_id from followups.tasks where step > 100 order by queue_at, id`)
const clear = () => house.sql(`delete from followups.tasks where step > 100`)
const ids = (got: readonly { rows: { id: string }[] }[]) => got.flatMap((g) => g.rows.map((r) => r.id))

test('ten nurses who take the next ones at once from a pool of a thousand get each task once, and together the first of the queue', async () => {
  await lay(1000, [model?.pool_id ?? ''])
  const queue = (await inOrder()).map((t) => t.id)
  const taken: string[] = []

  for (let round = 1; taken.length < 1000; round += 1) {
    const got = await Promise.all(nurses.map((nurse) => nurse.call(followupsApi.claimNext, { count: 20 })))
    taken.push(...ids(got))

    expect(ids(got)).toHaveLength(200)
    expect(new Set(taken)).toEqual(new Set(queue.slice(0, round * 200))) // nobody was passed over for somebody less urgent
    for (const { rows } of got)
      expect(rows.map((r) => queue.indexOf(r.id))).toEqual(rows.map((r) => queue.indexOf(r.id)).toSorted((a, b) => a - b))
  }

  expect(new Set(taken).size).toBe(1000)
  const held = await inOrder()
  expect(nurses.map(({ id }) => held.filter((t) => t.assignee_id === id).length)).toEqual(nurses.map(() => 100))
  expect(ids(await Promise.all(nurses.map((nurse) => nurse.call(followupsApi.claimNext, { count: 1 }))))).toEqual([])
  await clear()
}, 60_000)

test('from two pools at once nothing is held that is not taken: the last ones go to whoever asks', async () => {
  await lay(60, ['00000000-0000-0000-0000-000000000000', departmentId])
  const queue = (await inOrder()).map((t) => t.id)

  const got = await Promise.all(nurses.map((nurse) => nurse.call(followupsApi.claimNext, { count: 5 })))

  expect(got.map((g) => g.rows.length)).toEqual(nurses.map(() => 5))
  expect(new Set(ids(got))).toEqual(new Set(queue.slice(0, 50)))
  await clear()
})

test('what was being taken when the connection broke is anybody’s again', async () => {
  await lay(30, [model?.pool_id ?? ''])
  const queue = (await inOrder()).map((t) => t.id)
  const broken = house.inside(async (ctx) => {
    await claimNext({ ...ctx, actor: { ...ctx.actor, id: newId(), name: '断线', scope: 'hospital' } }, { count: 10 })
    throw new Error('the line is dead')
  })
  await expect(broken).rejects.toThrow('the line is dead')

  const [first] = nurses
  expect(ids([(await first?.call(followupsApi.claimNext, { count: 10 })) ?? { rows: [] }])).toHaveLength(10)
  expect((await inOrder()).filter((t) => t.assignee_id !== null).map((t) => t.id)).toEqual(queue.slice(0, 10))
  await clear()
})
