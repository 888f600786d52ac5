import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { definitions } from '@renxin/fhir'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, openFhir, type Resource } from './testing.fixture.ts'

/** The folder of sample resources, with `fhir/expected.json` beside them: what a reader should find in each. It is not part of this repository. */
const folder = process.env.RENXIN_SAMPLES && join(process.env.RENXIN_SAMPLES, 'fhir')
const isThere = folder !== undefined && existsSync(join(folder, 'expected.json'))

type Stay = { id: string; class: string; start: string; end: string; disposition?: { code: string } }
type Expected = {
  entries: number
  patients: {
    id: string
    names: { text?: string; family?: string; given?: string[] }[]
    gender: string
    birthDate: string
    phones: string[]
    deceased?: string
    identifiers: { type: string | null; value: string }[]
  }[]
  encounters_by_class: Record<string, number>
  inpatient?: Stay[]
  first_encounter: string
  last_encounter: string
  condition_codes: [[string, string], number][]
  appointments?: { start: string; end: string }[]
}

const read = (name: string) => JSON.parse(readFileSync(join(folder ?? '', name), 'utf8'))
const list = (of: string) => readdirSync(join(folder ?? '', of)).toSorted()
/** A subscription that is asked for begins: the server says so in its status (R4, 2.46.3). */
const begun = (resource: Record<string, unknown>) =>
  resource.resourceType === 'Subscription' && resource.status === 'requested' ? { ...resource, status: 'active' } : resource
const withoutMeta = ({ meta: _, ...resource }: Record<string, unknown>) => resource

if (!isThere) {
  test('every FHIR sample is taken as expected', (t) => t.skip('RENXIN_SAMPLES names no folder with fhir/expected.json'))
} else {
  describe('the samples', theSamples)
}

function theSamples() {
  const expected: Record<string, Expected> = read('expected.json')
  let door: Awaited<ReturnType<typeof openFhir>>
  const lives = Object.keys(expected).filter((name) => /^synthea-r4\/.*_|^zh-composed\//.test(name))
  const state = () =>
    door.house.sql(`
      select (select count(*) from patients.patients) as patients, (select count(*) from patients.contacts) as contacts,
        (select count(*) from encounters.encounters) as encounters, (select count(*) from encounters.facts) as facts,
        (select count(*) from encounters.diagnoses) as diagnoses, (select count(*) from encounters.report_cards) as reports,
        (select count(*) from encounters.order_cards) as orders, (select count(*) from encounters.procedure_cards) as procedures,
        (select count(*) from encounters.booking_cards) as bookings, (select count(*) from staff.people) as people,
        (select count(*) from integration.fhir_resources) as resources,
        (select string_agg(encode(hash, 'hex'), ' ' order by type, id) from integration.fhir_resources) as texts,
        (select count(*) from integration.fhir_index) as entries`)
  const load = async () => {
    const answers: [string, Answer][] = []
    for (const name of [
      'synthea-r4/hospitalInformation1559319163815.json',
      'synthea-r4/practitionerInformation1559319163815.json',
      ...lives,
    ])
      answers.push([name, await door.send('POST', '', { body: read(name) })])
    return answers
  }
  let answers: [string, Answer][] = []

  beforeAll(async () => {
    door = await openFhir()
    answers = await load()
  }, 120_000)

  test('every bundle is taken, each of its resources made', () => {
    for (const [name, { status, body }] of answers) {
      expect([name, status, body.type]).toEqual([name, 200, 'transaction-response'])
      expect(body.entry?.length).toBe(expected[name]?.entries)
      // The bundles share hospitals and doctors: those were made by an earlier one.
      expect(
        body.entry
          ?.filter((e) => e.response.status !== '201 Created')
          .every((e) => /\/(Organization|Practitioner)\//.test(e.response.location ?? '')),
      ).toBe(true)
    }
  })

  test.each(lives)('%s: the product knows the person, the stays and the diagnoses', async (name) => {
    const wanted = expected[name]
    const person = wanted?.patients[0]
    if (!wanted || !person) throw new Error(`nothing is expected of ${name}`)
    const number = person.identifiers.find((i) => i.type === 'MR')?.value ?? ''
    const [patient] = await door.house.sql<Record<string, unknown>>(
      `select p.* from patients.patients p join patients.identifiers i on i.patient_id = p.id where i.value = $1`,
      [number],
    )
    const visits = await door.house.sql<{ class: string; admitted_at: Date; discharged_at: Date; disposition: string | null; id: string }>(
      'select class, admitted_at, discharged_at, disposition, id from encounters.encounters where patient_id = $1 order by admitted_at',
      [patient?.id],
    )
    const contacts = await door.house.sql('select from patients.contacts where patient_id = $1 and relation = $2', [patient?.id, 'self'])
    const classes = { outpatient: 'AMB', emergency: 'EMER', inpatient: 'IMP' } as Record<string, string>
    const [spoken] = person.names
    const whole = spoken?.text ?? [...(spoken?.given ?? []), spoken?.family].join(' ')

    expect([patient?.name, patient?.sex, patient?.birth_on]).toEqual([whole, person.gender, person.birthDate])
    expect(patient?.deceased_at ?? null).toEqual(person.deceased ? new Date(person.deceased) : null)
    if (name.startsWith('zh')) expect(contacts).toHaveLength(person.phones.length)
    expect(
      Object.fromEntries(
        Map.groupBy(visits, (v) => classes[v.class] ?? v.class)
          .entries()
          .map(([c, all]) => [c, all.length]),
      ),
    ).toEqual(wanted.encounters_by_class)
    expect(visits[0]?.admitted_at).toEqual(new Date(wanted.first_encounter))
    expect(visits.at(-1)?.admitted_at).toEqual(new Date(wanted.last_encounter))
    expect(visits.filter((v) => v.class === 'inpatient').map((v) => [v.admitted_at, v.discharged_at, v.disposition])).toEqual(
      (wanted.inpatient ?? []).map((s) => [new Date(s.start), new Date(s.end), s.disposition ? String(Number(s.disposition.code)) : null]),
    )
    const said = await door.house.sql<{ code: string; n: number }>(
      `select d.code, count(*)::int as n from encounters.diagnoses d join encounters.encounters e on e.id = d.encounter_id
       where e.patient_id = $1 and d.type = 'final' group by d.code order by d.code`,
      [patient?.id],
    )
    expect(said.map((d) => [d.code, d.n])).toEqual(wanted.condition_codes.map(([[code], n]) => [code, n]).toSorted())
    const bookings = await door.house.sql<{ starts_at: Date; ends_at: Date }>(
      'select starts_at, ends_at from encounters.booking_cards where patient_id = $1',
      [patient?.id],
    )
    expect(bookings).toEqual((wanted.appointments ?? []).map((a) => ({ starts_at: new Date(a.start), ends_at: new Date(a.end) })))
  })

  test('sent once more, all of it, nothing is doubled and nothing changes', { timeout: 120_000 }, async () => {
    const before = await state()

    const again = await load()

    expect(again.map(([, a]) => a.status)).toEqual(again.map(() => 200))
    expect(await state()).toEqual(before)
  })

  test('every example of the standard is taken and comes back as it was sent, twice over', { timeout: 120_000 }, async () => {
    const examples: Resource[] = list('spec-examples').map((name) => read(`spec-examples/${name}`))
    const inScope = examples.filter((e) => definitions.has(e.resourceType))

    for (const status of [201, 200]) {
      const taken: unknown[] = []
      for (const resource of inScope) {
        const answer = await door.put(resource)
        taken.push([resource.resourceType, resource.id, answer.status, answer.body.issue])
      }
      expect(taken).toEqual(inScope.map((r) => [r.resourceType, r.id, status, undefined]))
    }
    const back: unknown[] = []
    for (const resource of inScope) back.push(withoutMeta((await door.get(`${resource.resourceType}/${resource.id}`)).body))
    expect(back).toEqual(inScope.map(begun).map(withoutMeta))
    expect(inScope.length).toBeGreaterThan(110)
  })
}
