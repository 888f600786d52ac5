import { applyEncounterFacts } from '@renxin/encounters'
import { recordOpinion } from '@renxin/feedback'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, getPatient, type PatientFacts, partPatients } from '@renxin/patients'
import { patientsApi } from '@renxin/patients/contract'
import { currentVersion, findQuestionnaireByKey, recordResponse } from '@renxin/surveys'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followupsApi } from '../contract.ts'
import { reconcile } from './reconcile.ts'
import { openWard } from './ward.fixture.ts'

const { house, departmentId } = await openWard('2026-09-07T09:00+08:00')
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')
const chen = house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital' }, { name: '陈静' })
const nps = await house.inside(async (ctx) => (await currentVersion(ctx, (await findQuestionnaireByKey(ctx, 'nps'))?.id ?? '')).id)
const { id: tagId } = await clerk.call(patientsApi.saveTag, { id: newId(), name: '关怀', tone: 'care', isActive: true })
// Half of the stays of this one are drawn by their ids, which are others in each world.
await house.sql(`update followups.programmes set status = 'disabled' where key = 'satisfaction30d'`)

/** Three persons with their visits, in a world with merges and in the same world without. */
type World = { name: string; persons: string[]; visits: Map<string, string> }
let worlds = 0

async function openWorld(name: string): Promise<World> {
  const world: World = { name, persons: [], visits: new Map() }
  for (const i of [0, 1, 2]) {
    const said: PatientFacts = {
      identifiers: [{ system: 'HIS', type: 'MR', value: `${name}P${i}` }],
      sourceAt: new Date(house.now().getTime() - 9 * 86_400_000),
      name: ['赵甲', '钱乙', '孙丙'][i] ?? '',
      phones: [{ number: `1370000000${i}` }, { number: '13800138000' }],
    }
    world.persons.push((await house.inside((ctx) => applyPatientFacts(ctx, [said])))[0] ?? '')
  }
  return world
}

const who = fc.integer({ min: 0, max: 2 })
const someText = fc.option(fc.constantFrom('甲', '乙', '丙丁'), { nil: null })
const words = fc.record(
  {
    name: fc.constantFrom('赵甲', '赵甲甲', '钱乙'),
    birthOn: fc.constantFrom('1950-01-02', '1950-01-03', null),
    payer: someText,
    address: fc.option(fc.record({ district: someText }), { nil: null }),
    phones: fc.array(
      fc.constantFrom('13800000001', '13800000002').map((n) => ({ number: n })),
      { maxLength: 2 },
    ),
    deceased: fc.constantFrom({ at: null }, false as const),
  },
  { requiredKeys: [] },
)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('fact' as const), of: who, words, hoursAgo: fc.integer({ min: 0, max: 30 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('visit' as const),
      of: who,
      nth: fc.integer({ min: 0, max: 1 }),
      event: fc.constantFrom('admit' as const, 'discharge' as const, 'discharge' as const, 'cancelDischarge' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('call' as const),
      of: who,
      nth: fc.integer({ min: 0, max: 1 }),
      outcome: fc.constantFrom(
        'noAnswer' as const,
        'callLater' as const,
        'readmitted' as const,
        'patientDead' as const,
        'refused' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('answer' as const), of: who, nth: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('opinion' as const), of: who, nth: fc.integer({ min: 0, max: 2 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constantFrom('tag' as const, 'refuse' as const, 'contact' as const, 'void' as const), of: who }),
  },
  { weight: 5, arbitrary: fc.record({ is: fc.constant('merge' as const), into: who, from: who }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('part' as const), into: who, from: who }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('hear' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** What is asked of the hand is asked of the file that is shown: `root` is its place among the persons. */
async function act(world: World, s: Step, root: number, mayCall: boolean): Promise<void> {
  const { name, persons, visits } = world
  const shown = persons[root] ?? ''
  switch (s.is) {
    case 'fact': {
      const sourceAt = new Date(house.now().getTime() - s.hoursAgo * 3_600_000)
      await house.inside((ctx) =>
        applyPatientFacts(ctx, [{ ...s.words, identifiers: [{ system: 'HIS', type: 'MR', value: `${name}P${s.of}` }], sourceAt }]),
      )
      return
    }
    case 'visit': {
      const now = house.now()
      const facts = {
        number: `${name}V${s.of}${s.nth}`,
        patientId: persons[s.of] ?? '',
        event: s.event,
        sourceAt: now,
        class: 'inpatient' as const,
        departmentCode: '0301',
        departmentName: '心血管内科',
        admittedAt: new Date(now.getTime() - 3_600_000),
        bed: `${s.of}${s.nth}床`,
        ...(s.event === 'discharge' ? { dischargedAt: now, disposition: '1' as const } : {}),
      }
      const [id = ''] = await house.inside((ctx) => applyEncounterFacts(ctx, [facts]))
      visits.set(`${s.of}${s.nth}`, id)
      return
    }
    case 'call': {
      const id = mayCall ? await openTask(world, s.of, s.nth) : undefined
      if (!id) return
      const callBackAt = s.outcome === 'callLater' ? new Date(house.now().getTime() + 7_200_000).toISOString() : null
      await chen.call(followupsApi.recordOutcome, { id, attemptId: newId(), outcome: s.outcome, callBackAt })
      return
    }
    case 'answer':
    case 'opinion': {
      const encounterId = visits.get(`${s.of}${s.nth}`) ?? null
      const about = { patientId: shown, encounterId }
      await house.inside(async (ctx) => {
        if (s.is === 'answer')
          await recordResponse(ctx, {
            id: newId(),
            versionId: nps,
            ...about,
            answers: { nps: [9] },
            channel: 'phone',
            respondent: 'patient',
          })
        else
          await recordOpinion(ctx, {
            id: newId(),
            kind: 'complaint',
            source: 'call',
            unitIds: [departmentId],
            ...about,
            ...(encounterId ? { patientId: null } : {}),
          })
      })
      return
    }
    case 'tag':
      await clerk.call(patientsApi.tag, { patientId: shown, tagId, isOn: true })
      return
    case 'refuse':
      await clerk.call(patientsApi.refuse, { patientId: shown, kind: 'purpose', value: 'campaign', refused: true })
      return
    case 'contact':
      await clerk.call(patientsApi.addContact, {
        id: newId(),
        patientId: shown,
        number: `1390000000${s.of}`,
        relation: 'daughter',
        name: '女儿',
      })
      return
    case 'void': {
      const contact = (await clerk.call(patientsApi.file, { id: persons[s.of] ?? '' })).contacts.find(
        (c) => c.masked === `137****000${s.of}`,
      )
      if (contact) await clerk.call(patientsApi.changeContact, { contactId: contact.id, isVoid: true })
      return
    }
  }
}

async function openTask({ visits }: World, of: number, nth: number): Promise<string | undefined> {
  const [task] = await house.sql<{ id: string }>(
    `select t.id from followups.tasks t join followups.programmes g on g.id = t.programme_id
      where t.encounter_id = $1 and t.is_open order by g.key, t.step limit 1`,
    [visits.get(`${of}${nth}`) ?? null],
  )
  return task?.id
}

/** Columns that are another in each world, or say when something was planned or stopped by itself. */
const apart = [
  'id',
  'hospital_id',
  'identity_card',
  'address',
  'phone',
  'created_at',
  'arrived',
  'seq',
  'enrolled_at',
  'claimed_at',
  'number',
  'put_aside',
  'resource',
]
const pressing = ['risk', 'risk_reasons', 'priority', 'priority_reason', 'queue_at']
const ofPatient = [
  'identifiers',
  'contacts',
  'search_keys',
  'tagged',
  'care_units',
  'refusals',
  'holds',
  'contact_log',
  'conflicts',
  'cautions',
  'standings',
  'followup_standings',
  'diagnosed',
]

/** Every column of every table of the five rooms that is of these persons, with names in the place of ids. */
async function dump({ name, persons, visits }: World): Promise<string[]> {
  const called = new Map([
    ...persons.map((id, i) => [id, `person ${i}`] as const),
    ...[...visits].map(([v, id]) => [id, `visit ${v}`] as const),
  ])
  const ids = [...visits.values()]
  const tables: [string, string, string[]][] = [
    ['patients.patients', 'id', persons],
    ...ofPatient.map((t): [string, string, string[]] => [`patients.${t}`, 'patient_id', persons]),
    ['encounters.encounters', 'patient_id', persons],
    ['encounters.facts', 'encounter_id', ids],
    ['encounters.stays', 'encounter_id', ids],
    ['surveys.responses', 'patient_id', persons],
    ['feedback.opinions', 'patient_id', persons],
    ['followups.tasks', 'patient_id', persons],
    ['followups.attempts', 'patient_id', persons],
  ]
  const lines: string[] = []
  for (const [table, column, keys] of tables) {
    const rows = await house.sql<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table} t where ${column} = any($1::uuid[])`,
      [keys],
    )
    for (const { row } of rows) {
      // What was stopped by itself before anybody touched it is as good as not planned.
      if (table === 'followups.tasks' && row.status === 'cancelled' && row.closed_by === null && row.tries === 0) continue
      if (table === 'followups.tasks' && row.status === 'cancelled' && row.closed_by === null)
        Object.assign(row, { closed_at: null, closed_on: null })
      // How pressing a task was stands as it stood when somebody closed it, by what was known of both then.
      if (table === 'followups.tasks' && !row.is_open) for (const c of pressing) delete row[c]
      if (table === 'patients.standings' && row.state === null) continue
      if (table === 'patients.followup_standings' && row.status === null && row.next_at === null) continue
      const kept = Object.entries(row).filter(([c]) => !apart.includes(c))
      const named = kept.map(([c, v]): [string, unknown] => [
        c,
        ['object_id', 'task_id', 'contact_id', 'response_id', 'origin_id'].includes(c) && v ? '…' : v,
      ])
      let line = `${table} ${column === 'id' ? called.get(String(row.id)) : ''} ${JSON.stringify(Object.fromEntries(named))}`
      for (const [id, word] of called) line = line.replaceAll(id, word)
      lines.push(line.replaceAll(name, '#').replaceAll(name.toLowerCase(), '#'))
    }
  }
  return lines.sort()
}

test('merging and parting in the midst of everything else leaves every table as if there had been no merge', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 22 }), async (steps) => {
      worlds += 1
      const [merged, plain] = [await openWorld(`M${worlds}X`), await openWorld(`N${worlds}X`)]
      // Two of them have been home for some hours: calls are planned.
      const home = [0, 1].map((of): Step => ({ is: 'visit', of, nth: 0, event: 'discharge' }))
      for (const s of home) for (const world of [merged, plain]) await act(world, s, 0, false)
      await house.settle()
      house.advance({ hours: 3 })
      const rootOf = async (i: number) => merged.persons.indexOf((await getPatient(house.ctx, merged.persons[i] ?? '')).id)
      for (const s of steps) {
        house.advance({ minutes: 7 })
        if (s.is === 'hear') {
          await house.settle()
          house.advance({ hours: 5 })
        } else if (s.is === 'merge') {
          const [into, from] = [await rootOf(s.into), await rootOf(s.from)]
          if (into === from) continue
          await clerk.call(patientsApi.merge, {
            patientId: merged.persons[into] ?? '',
            retiredId: merged.persons[from] ?? '',
            reason: '同一人',
          })
          await house.settle()
        } else if (s.is === 'part') {
          await house.inside((ctx) =>
            partPatients(ctx, { survivorId: merged.persons[s.into] ?? '', retiredId: merged.persons[s.from] ?? '' }),
          )
          await house.settle()
        } else {
          const root = await rootOf(s.of)
          const mayCall = s.is !== 'call' || (await openTask(merged, s.of, s.nth)) !== undefined
          await act(merged, s, root, mayCall)
          await act(plain, s, root, mayCall)
        }
      }
      for (const [a, b] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const)
        await house.inside((ctx) => partPatients(ctx, { survivorId: merged.persons[a] ?? '', retiredId: merged.persons[b] ?? '' }))
      await house.settle()
      // Where nothing has told of a change that is not announced, neither world is ahead.
      for (const { persons } of [merged, plain]) await house.inside((ctx) => reconcile(ctx, persons))

      expect(await dump(merged)).toEqual(await dump(plain))
    }),
    { numRuns: 12 },
  )
}, 300_000)
