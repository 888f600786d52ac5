import { access } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { noteCare, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { saveUnit, staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { feedbackApi } from '../contract.ts'
import { feedback } from './index.ts'

const house = await openHouse([access, staff, patients, files, encounters, feedback], { now: '2026-09-04T09:00+08:00', prepare: true })
const unit = await house.inside((ctx) =>
  saveUnit(ctx, { id: newId(), kind: 'department', code: null, name: '心血管内科', departmentId: null, campusId: null, isActive: true }),
)
const patientId = newId()
await house.inside(async (ctx) => {
  await registerPatient(ctx, { id: patientId, name: '王芳' })
  await noteCare(ctx, [{ patientId, unitIds: [unit.id] }])
})
await house.sql(
  `insert into feedback.opinions (id, kind, is_important, source, received_at, received_on, recorded_at, recorded_by_name)
   select gen_random_uuid(), case when n % 25 = 0 then 'complaint' else 'praise' end, false, 'call', at, at::date, at, '李护士'
   from (select n, timestamptz '2026-09-04T08:00+08:00' - n * interval '5 minutes' as at from generate_series(1, 20000) n) s`,
)
await house.sql(
  `insert into feedback.complaints (id, number, status, clock_on, days, halfway_on, eve_on, answer_by, outcome, result, told_by, closed_at)
   select id, 'TS2026-' || n, s, received_on, 5, received_on, received_on, received_on + 7, o, o, case when s = 'closed' then 'phone' end,
          case when s = 'closed' then received_at end
   from (select *, row_number() over (order by received_at) as n from feedback.opinions where kind = 'complaint') c,
        lateral (select case when n % 40 = 0 then 'assigned' else 'closed' end as s) a, lateral (select case when s = 'closed' then 'resolved' end as o) b`,
)
await house.sql('insert into feedback.opinion_units (opinion_id, unit_id) select id, $1 from feedback.opinions where id < $2', [
  unit.id,
  newId(),
])
await house.ownerSql('analyze')

/** The plans of what a page asks, as the application's role makes them. */
async function plansOf(
  page: (reader: ReturnType<typeof house.who>) => Promise<unknown>,
  scope: 'hospital' | 'department' = 'hospital',
): Promise<string> {
  const seen: { sql: string; parameters: readonly unknown[] }[] = []
  const query = house.house.pool.connect.bind(house.house.pool)
  const spied = async () => {
    const client = await query()
    const send = client.query.bind(client)
    Object.assign(client, {
      query: (asked: string | { text: string; values: unknown[] }, values?: unknown[]) => {
        if (typeof asked === 'object' && asked.text.startsWith('select')) seen.push({ sql: asked.text, parameters: asked.values })
        return Reflect.apply(send, client, [asked, values])
      },
    })
    return client
  }
  Object.assign(house.house.pool, { connect: spied })
  try {
    await page(house.who({ 'feedback.read': scope }, { departments: [unit.id] }))
  } finally {
    Object.assign(house.house.pool, { connect: query })
  }
  expect(seen.length, 'statements seen').toBeGreaterThan(0)
  const plans = await Promise.all(seen.map((s) => house.sql<{ 'QUERY PLAN': string }>(`explain ${s.sql}`, [...s.parameters])))
  return plans
    .flat()
    .map((p) => p['QUERY PLAN'])
    .join('\n')
}

test('no list of opinions or complaints reads a whole table, whoever asks', async () => {
  for (const scope of ['hospital', 'department'] as const) {
    const plans = [
      await plansOf((reader) => reader.call(feedbackApi.list, {}), scope),
      await plansOf((reader) => reader.call(feedbackApi.list, { kind: 'praise', from: '2026-09-01', to: '2026-09-02' }), scope),
      await plansOf((reader) => reader.call(feedbackApi.timeline, { patientId }), scope),
      await plansOf((reader) => reader.call(feedbackApi.complaints, {}), scope),
      await plansOf((reader) => reader.call(feedbackApi.complaints, { which: 'closed' }), scope),
      await plansOf((reader) => reader.call(feedbackApi.counts, {}), scope),
    ]
    for (const plan of plans) expect(plan).toContain('opinions_')
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (opinions|complaints)/)
  }
})
