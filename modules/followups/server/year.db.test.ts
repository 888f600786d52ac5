import { createHash } from 'node:crypto'
import { access } from '@renxin/access'
import { applyEncounterFacts, discharged, type EncounterFacts, encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { type Context, defineModule, listenMany } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { resolveUnits, staff, unitKey } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { expect, test, vi } from 'vitest'
import { followupsApi, type ProgrammeBody, programmesApi } from '../contract.ts'
import { beginPlanning, stepPlanning } from './backlog.ts'
import { followups } from './index.ts'
import { at, DAY, departments, dice, hisOf, type Message, someBody } from './year.fixture.ts'
import { numberOf, SlowHospital } from './year.model.ts'

const SEED = vi.hoisted(() => 20_260_301) // another makes another year
/** Ids too are of the seed, since samples are drawn by them: each of its moment and of how many were made in it, whatever else the machine does meanwhile. */
vi.mock('@renxin/kernel', async (original) => {
  const kernel = await original<typeof import('@renxin/kernel')>()
  const made = new Map<string, number>()
  const newId = (now?: number) => {
    const moment = kernel.newId(now).slice(0, 15)
    const nth = (made.get(moment) ?? 0) + 1
    made.set(moment, nth)
    const drawn = createHash('md5').update(`${SEED} ${moment} ${nth}`).digest('hex')
    return `${moment}${drawn.slice(0, 3)}-8${drawn.slice(3, 6)}-${drawn.slice(6, 18)}`
  }
  return { ...kernel, newId }
})

/** The house falls while it delivers: what was done of the round is lost with it, and done again. */
let falls = 0
const crasher = defineModule({
  name: 'crasher',
  migrations: new URL('file:///'), // it keeps nothing
  listeners: [
    listenMany(
      discharged,
      async () => {
        if (falls === 0) return
        falls -= 1
        throw new Error('the power went off')
      },
      'fall',
    ),
  ],
})

const DAYS = 365
const PEOPLE = 36
const A_DAY = 8 // so many people have something happen to them, on days on which anything happens

const holidays = new Map([
  ...Array.from({ length: 7 }, (_, i): [string, boolean] => [`2026-10-0${i + 1}`, false]),
  ['2026-10-10', true] as [string, boolean],
])
const house = await openHouse([staff, access, patients, encounters, surveys, feedback, followups, crasher], {
  now: new Date(at(0)).toISOString(),
  prepare: true,
  calendarOf: async () => ({ exceptions: holidays, announcedYears: new Set([2026, 2027]) }),
})
await house.sql(`update followups.programmes set status = 'disabled'`)
const administrator = house.who('followups.programmes', 'followups.read')
const nurse = house.who('followups.read', 'followups.work')

const units = await house.inside((ctx) => resolveUnits(ctx, departments))
const idOf = new Map(departments.map((d) => [d.code, units.get(unitKey(d) ?? '') ?? '']))

const chosen = dice(SEED)
const { below, chance, one } = chosen
const model = new SlowHospital(holidays)
const { messageOf } = hisOf(model, chosen, idOf)
const people: string[] = await house.inside((ctx) =>
  applyPatientFacts(
    ctx,
    Array.from({ length: PEOPLE }, (_, i) => ({
      id: newId(at(0)), identifiers: [{ system: 'HIS', type: 'MR', value: `Y${i}` }], sourceAt: new Date(at(0)), name: `患者${i}`, sex: 'male' as const,
      birthOn: '1960-05-01', phones: [{ number: `1380013${String(i).padStart(4, '0')}` }],
    })), // biome-ignore format: one person
  ),
)

const programmes: { id: string; name: string; trigger: ProgrammeBody['trigger']; version: number }[] = []

/** What the year begins with; later versions choose anew what happens when a patient comes back. */
const begun = [
  ['discharged', 'pause'], ['discharged', 'anew'], ['visited', 'anew'], ['admitted', 'anew'], ['discharged', 'stop'], ['discharged', 'goOn'],
] as const // biome-ignore format: a table

async function save(index: number, now: number): Promise<void> {
  const known = programmes[index]
  const [trigger, onReturn] = begun[index] ?? begun[0]
  const programme = known ?? { id: newId(now), name: `方案${index}`, trigger, version: 0 }
  const some = someBody(programme.name, trigger, chosen, idOf)
  const first = { onReturn, onTransfer: 'stop', onDeath: 'stop', onRefusal: 'stop', samplePercent: 100 } as const
  const rule = { ...some.rule, departmentIds: [], diagnoses: [], withoutDispositions: ['2' as const, '3' as const, '5' as const] }
  const body = known ? some : { ...some, ...first, rule }
  await administrator.call(programmesApi.saveProgramme, { id: programme.id, version: programme.version, body })
  programme.version += 1
  if (!known) programmes.push(programme)
  model.save(programme.id, body, now)
  story.push({ day: (now - at(0)) / DAY, of: programme.id, what: `saved ${JSON.stringify(body)}` })
}

/** As an activation does it, in small steps of which some are lost. */
async function activate(id: string, day: number): Promise<void> {
  const from = at(day - below(30), -6 * 60) // a midnight
  await house.sql(`update followups.programmes set status = 'active', active_from = $2, activated_at = $3 where id = $1`, [
    id,
    new Date(from),
    house.now(),
  ])
  await house.inside((ctx) => beginPlanning(ctx, id, 3))
  const lost = async (ctx: Context) => {
    await stepPlanning(ctx, 5)
    throw new Error('the power went off')
  }
  for (let i = 0; i < 200; i += 1) {
    const [run] = await house.sql(`select 1 from followups.plannings where programme_id = $1 and status = 'running'`, [id])
    if (!run) break
    if (chance(0.3)) await house.inside(lost).catch(() => undefined)
    else await house.inside((ctx) => stepPlanning(ctx, 5 + below(20)))
  }
  model.activate(id, from, at(day))
  story.push({ day, of: id, what: `activated from ${new Date(from).toISOString()}` })
}

async function office(day: number): Promise<void> {
  const now = at(day)
  if (day < 6 || chance(0.04)) await save(programmes.length < begun.length ? programmes.length : below(programmes.length), now)
  const programme = day < 6 ? programmes[day] : one(programmes)
  if (!programme) return
  const standing = model.programmes.get(programme.id)
  if (day < 6 || chance(0.04)) await activate(programme.id, day)
  else if (standing?.isActive && chance(0.01)) {
    await administrator.call(programmesApi.disable, { id: programme.id })
    standing.isActive = false
  }
  if (chance(0.04)) {
    const [known] = model.silences.keys()
    if (known && chance(0.4)) {
      await administrator.call(programmesApi.removeBlackout, { id: known })
      model.silences.delete(known)
    } else {
      const id = newId()
      const first = new Date(at(day + below(30), 8 * 60)).toISOString().slice(0, 10) // in the afternoon, when it is the same day in Greenwich
      const last = new Date(Date.parse(first) + below(9) * DAY).toISOString().slice(0, 10)
      await administrator.call(programmesApi.saveBlackout, { id, body: { name: '停访', fromOn: first, untilOn: last } })
      model.silences.set(id, [numberOf(first), numberOf(last)])
    }
  }
}

/** Some of the tasks that are due are done, and now and then one is refused. */
async function work(day: number): Promise<void> {
  const rows = await house.sql<{ id: string; encounter_id: string; programme_id: string; step: number }>(
    `select id, encounter_id, programme_id, step from followups.tasks where status = 'todo' and due_from <= $1 order by step`,
    [house.now()],
  )
  const order = new Map([...model.visits, ...programmes].map((one, i) => [one.id, i]))
  const at = (id: string) => order.get(id) ?? 0
  const due = rows.toSorted((a, b) => at(a.encounter_id) - at(b.encounter_id) || at(a.programme_id) - at(b.programme_id))
  const isCalled = chance(0.1) && due.length > 0
  if (isCalled) {
    const task = one(due)
    await nurse.call(followupsApi.recordOutcome, { id: task.id, attemptId: newId(), outcome: 'refused' })
    model.refuse(task.encounter_id, task.programme_id, task.step)
    return
  }
  const done = due.filter(() => chance(day % 3 === 0 ? 0.5 : 0))
  if (done.length === 0) return
  await house.sql(
    `update followups.tasks set status = 'done', outcome = 'reached', closed_at = $2::timestamptz, closed_on = $2::timestamptz::date, closed_by = $3 where id = any($1::uuid[])`,
    [done.map((t) => t.id), house.now(), nurse.id],
  )
  for (const t of done) model.enrolment(t.encounter_id, t.programme_id)?.done.add(t.step)
}

/** What was told, in its order: of a task that is not as it must be, its patient's part is shown. */
const story: { day: number; of: string; what: string }[] = []
const seen = new Set<string>()

async function compare(day: number): Promise<number> {
  const rows = await house.sql<{ key: string; state: string; opens: Date; closes: Date }>(
    `select encounter_id || ' ' || programme_id || ' ' || step as key, coalesce(close_reason, status) as state, due_from as opens, due_by as closes
       from followups.tasks where programme_id = any($1::uuid[])`,
    [programmes.map((p) => p.id)],
  )
  const line = (key: string, state: string, opens: number | null, closes: number | null) =>
    state === 'todo' && opens !== null && closes !== null
      ? `${key} ${state} ${new Date(opens).toISOString()} ${new Date(closes).toISOString()}`
      : `${key} ${state}`
  const are = rows.map((r) => line(r.key, r.state, r.opens.getTime(), r.closes.getTime()))
  const mustBe = model.expected().map((t) => line(t.key, t.state, t.opens, t.closes))
  const [there, wanted] = [new Set(are), new Set(mustBe)]
  const said = `day ${day} of the year of seed ${SEED}`
  const [wrong, missing] = [are.filter((t) => !wanted.has(t)).sort(), mustBe.filter((t) => !there.has(t)).sort()]
  const [visitId, programmeId] = ([...wrong, ...missing][0] ?? '').split(' ')
  const of = model.visits.find((v) => v.id === visitId)?.patientId
  const told = story.filter((s) => s.of === of || s.of === programmeId).map((s) => `${s.day} ${s.what}`)
  expect({ wrong, missing, told }, said).toEqual({ wrong: [], missing: [], told: [] })
  for (const t of model.expected()) seen.add(t.state)
  expect(are.length).toBe(mustBe.length)
  return are.length
}

test('in a year of admissions, discharges, corrections, returns, deaths, changed programmes and falls the tasks are those of the slow model', async () => {
  const again: EncounterFacts[] = []
  let most = 0
  for (let day = 0; day < DAYS; day += 1) {
    house.setNow(new Date(at(day)))
    await office(day)
    const heard = new Set<string>()
    const today: Message[] = []
    const isQuiet = chance(0.55)
    while (!isQuiet && heard.size < A_DAY) {
      const patientId = one(people)
      if (heard.has(patientId)) continue
      heard.add(patientId)
      const message = messageOf(patientId, day, at(day, 60 + heard.size))
      if (message) today.push(message)
    }
    house.setNow(new Date(at(day, 120)))
    if (chance(0.05)) falls = 1
    const repeated = again.splice(0, isQuiet ? 0 : 9).filter((f) => !heard.has(f.patientId)) // heard twice it changes nothing
    const ids = isQuiet ? [] : await house.inside((ctx) => applyEncounterFacts(ctx, [...today.map((m) => m.facts), ...repeated]))
    if (!isQuiet) await house.settle()
    today.forEach((message, i) => {
      message.told.visit.id = ids[i] ?? ''
      message.happens(message.told)
      story.push({
        day,
        of: message.facts.patientId,
        what: `${message.facts.event} ${message.told.visit.id} ${JSON.stringify(message.facts)}`,
      })
    })
    if (chance(0.2) && today.length > 0) again.push(one(today).facts)
    house.setNow(new Date(at(day, 8 * 60)))
    if (day % 2 === 0) await work(day)
    if (day % 30 === 29 || day === DAYS - 1) most = Math.max(most, await compare(day))
  }
  const all = ['todo', 'done', 'died', 'readmitted', 'paused', 'continued', 'transferred', 'departmentChanged', 'dischargeCancelled', 'encounterCancelled', 'discharged', 'refused'] // biome-ignore format: a list
  expect(
    all.filter((state) => !seen.has(state)),
    `what the year of seed ${SEED} has no task of`,
  ).toEqual([])
  expect(most).toBeGreaterThan(500)
}, 240_000)
