import { openHouse } from '@renxin/server/testing'
import { expect, test } from 'vitest'
import { modules } from './modules.ts'

const house = await openHouse(modules)
const held = new Map(
  modules.flatMap((m) => Object.entries(m.holds?.tables ?? {}).map(([table, fate]) => [table, { module: m.name, fate }])),
)

const tablesWith = async (...columns: string[]) =>
  (
    await house.ownerSql(
      `select distinct n.nspname || '.' || c.relname as name from pg_class c
         join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
        where c.relkind = 'r' and a.attname = any($1) and n.nspname <> 'house' order by 1`,
      [columns],
    )
  ).map((r) => String(r.name))

test('every table with rows of a patient says what a copy and an erasure do with it', async () => {
  const ofPatients = await tablesWith('patient_id', 'said_patient_id')

  expect(ofPatients.length).toBeGreaterThan(40)
  expect(ofPatients.filter((t) => !held.has(t))).toEqual([])
})

test('so does every table that hangs on a visit, an opinion, a response or a task', async () => {
  const hanging = await tablesWith('encounter_id', 'opinion_id', 'complaint_id', 'response_id', 'task_id')
  /** Units and members of staff whom an opinion concerns; and figures, of which none has a word. */
  const ofNobody = [
    'feedback.opinion_people',
    'feedback.opinion_units',
    'analytics.appraised',
    'analytics.contacts',
    'analytics.efforts',
    'analytics.opinions',
    'analytics.stays',
  ]

  expect(hanging.filter((t) => !held.has(t) && !ofNobody.includes(t))).toEqual([])
})

test('a room speaks only of tables of its own, and every one of them is there', async () => {
  const all = new Set(await tablesWith('hospital_id'))

  expect([...held].filter(([table, { module }]) => !table.startsWith(`${module}.`) || !all.has(table)).map(([t]) => t)).toEqual([])
})

test('what stays has its reason, and what is not handed out is reckoned from what is', () => {
  const without = [...held].filter(([, { fate }]) => fate.erased !== 'whole' && fate.stays === undefined)
  const hidden = [...held].flatMap(([table, { fate }]) => (fate.copied === false ? [table] : []))

  expect(without).toEqual([])
  expect(hidden.sort()).toContain('patients.search_keys')
})
