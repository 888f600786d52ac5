import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import type { AuditFilters } from '../contract.ts'
import { auditQuery } from './audit-trail.ts'
import { access } from './index.ts'

const house = await openHouse([staff, access], { now: '2026-09-04T09:00+08:00' })
const [actorId, patientId] = ['0193a000-0000-7000-8000-000000000007', '0193a000-0000-7000-8000-000000000011']
await house.sql(
  `insert into house.audit (id, at, actor_id, actor_name, action, patient_id, address, request_id, refusal)
   select gen_random_uuid(), timestamptz '2026-09-04T08:00+08:00' - n * interval '1 minute',
     ('0193a000-0000-7000-8000-' || lpad((n % 200)::text, 12, '0'))::uuid, 'n', (array['patients.file', 'patients.search', 'encounters.stay', 'followups.task'])[1 + n % 4],
     ('0193a000-0000-7000-8000-' || lpad((n % 5000)::text, 12, '0'))::uuid, '10.0.' || n % 50 || '.1', 'r', case when n % 1000 = 0 then 'house.forbidden' end
   from generate_series(1, 40000) n`,
)
await house.ownerSql('analyze house.audit')

test.each<[string, AuditFilters]>([
  ['the latest', {}],
  ['of somebody', { actorId }],
  ['of a patient', { patientId }],
  ['of a patient by somebody', { patientId, actorId }],
  ['of one thing that was done', { action: 'patients.file' }],
  ['of a module', { action: 'followups' }],
  ['of what was refused', { result: 'refused' }],
  ['of an address', { address: '10.0.7.1' }],
  ['of some days', { from: '2026-08-20', to: '2026-08-21' }],
  ['of somebody on a day', { actorId, from: '2026-08-20', to: '2026-08-20' }],
])('the rows %s come by an index, whatever else there is', async (_, filters) => {
  const plan = await house.inside(async (ctx) => {
    const { sql, parameters } = auditQuery(ctx, filters).orderBy('a.at', 'desc').orderBy('a.id', 'desc').limit(51).compile()
    return house.sql<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...parameters])
  })
  const text = plan.map((line) => line['QUERY PLAN']).join('\n')

  expect(text).toMatch(/Index (Only )?Scan|Bitmap Index Scan/)
  expect(text).not.toContain('Seq Scan')
})
