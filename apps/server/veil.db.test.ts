import { feedbackApi } from '@renxin/feedback/contract'
import { ingest, readFrame } from '@renxin/integration'
import { newId, pathParams } from '@renxin/kernel'
import { registerPatient } from '@renxin/patients'
import { overviewApi, patientsApi, privacyApi, seenBy } from '@renxin/patients/contract'
import type { Served } from '@renxin/server'
import { openHouse, type Visitor } from '@renxin/server/testing'
import { currentVersion, findQuestionnaireByKey, recordResponse } from '@renxin/surveys'
import { surveysApi } from '@renxin/surveys/contract'
import { beforeAll, expect, test, vi } from 'vitest'
import { modules } from './modules.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const house = await openHouse(modules, { now: '2026-08-30T09:00+08:00', prepare: true })
const lines: string[] = []
const note = (fields: object, message: string) => void lines.push(JSON.stringify(fields) + message)
house.house.log = { info: note, warn: note, error: note, debug: note }
const told: string[] = []
house.house.live.subscribe(house.hospitalId, (m) => told.push(...m))

/** What would give her away, each through another door. Numbers whose parts nobody else has. */
const canary = {
  name: '鸮大贵', phone: '13977110001', kinName: '鸮小儿', kinPhone: '13977110002', street: '鸮鸣路九号', record: 'XIAO0001', visit: 'XIAOV1', bed: '鸮3床',
  diagnosis: '鸮诊断', report: '鸮报告', caution: '鸮注意', praise: '鸮表扬', speaker: '鸮开口', answer: '鸮回答', job: '鸮职业', reason: '鸮批示',
} as const // biome-ignore format: a list

const head = (event: string, at: string, id: string) => `MSH|^~\\&|HIS|甲院|CRM||${at}||${event}|${id}|P|2.5|||||UNICODE UTF-8\rEVN||${at}`
const says = (event: string, at: string, id: string) =>
  [
    head(`ADT^${event}`, at, id),
    `PID|1||${canary.record}^^^HIS^MR||${canary.name}||19600102|F|||${canary.street}^^杭州^浙江||${canary.phone}^PRN^CP`,
    `NK1|1|${canary.kinName}|SON^儿子||${canary.kinPhone}`,
    `PV1|1|I|W1^^${canary.bed}||||||||||||||||${canary.visit}|||||||||||||||||||||||||20260901093000|${event === 'A03' ? '20260903100000' : ''}`,
    `DG1|1||I10^${canary.diagnosis}^ICD10|||F`,
  ].join('\r')
const reports = [
  head('ORU^R01', '20260903110000', 'X3'), `PID|1||${canary.record}^^^HIS^MR||${canary.name}`, `PV1|1|I|W1||||||||||||||||${canary.visit}`,
  `OBR|1||LAB1|BIO^${canary.report}|||20260903105000`, 'OBX|1|NM|K^钾||4.1|mmol/L|3.5-5.3|N|||F'].join('\r') // biome-ignore format: a message

const permissions = new Set(
  (await house.sql<{ permission: string }>('select distinct permission from access.grants')).map((g) => g.permission),
)
const classes = new Set(Object.values(seenBy))
const officer = house.who(...permissions, { name: '周主任' })
/** May do everything everywhere, and see no class of privacy. */
const snoop = house.who(...[...permissions].filter((p) => !classes.has(p)), { name: '好奇' })

let id = ''
let ids: string[] = []
let questionnaireId = ''

beforeAll(async () => {
  house.setNow('2026-09-04T09:00+08:00')
  for (const text of [says('A01', '20260901093000', 'X1'), says('A03', '20260903100000', 'X2'), reports])
    await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  await house.settle()
  id = (await house.sql<{ id: string }>('select id from patients.cards where medical_record_number = $1', [canary.record]))[0]?.id ?? ''
  await officer.call(overviewApi.addCaution, { patientId: id, id: newId(), kind: 'other', text: canary.caution })
  await officer.call(patientsApi.addContact, { patientId: id, id: newId(), number: '13977110003', relation: 'self', name: canary.speaker })
  const opinion = { patientId: id, encounterId: null, source: 'call' as const, units: [], people: [] }
  for (const kind of ['praise', 'complaint'] as const)
    await officer.call(feedbackApi.record, { ...opinion, id: newId(), kind, text: canary.praise, speakerName: canary.speaker })
  await respond()
  await house.settle()
  const { rows: tables } = { rows: await house.ownerSql(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'patient_id' join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
      where c.relkind = 'r' and n.nspname <> 'house'`) } // biome-ignore format: SQL
  const own: string[][] = []
  for (const { name } of tables) {
    const found = await house.sql<{ id: string }>(`select id::text from ${name} where patient_id = $1 limit 5`, [id])
    own.push(found.map((r) => r.id))
  }
  ids = [id, ...own.flat()]
})

/** Five others answer as she does, so that the figures of the questionnaire are shown at all. */
async function respond() {
  const [{ key = '' } = {}] = await house.sql<{ key: string }>(
    "select key from surveys.questionnaire_cards where status = 'active' and key is not null order by key",
  )
  const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, key))
  questionnaireId = card?.id ?? ''
  const version = await house.inside((ctx) => currentVersion(ctx, questionnaireId))
  const [visit] = await house.sql<{ id: string }>('select id from encounters.cards where patient_id = $1', [id])
  const answer = (patientId: string, encounterId: string | null, text: string) =>
    house.inside((ctx) =>
      recordResponse(ctx, {
        id: newId(),
        versionId: version.id,
        patientId,
        encounterId,
        answers: answersTo(version.definition, text),
        channel: 'phone',
        respondent: 'patient',
      }),
    )
  await answer(id, visit?.id ?? null, canary.answer)
  for (const name of ['甲乙', '丙丁', '戊己', '庚辛', '壬癸']) {
    const other = await house.inside((ctx) => registerPatient(ctx, { id: newId(), name }))
    await answer(other.id, null, `${name}说`)
  }
}

type Item = { linkId: string; type: string; required?: boolean; answerOption?: readonly object[]; item?: readonly Item[] }
function answersTo(definition: Readonly<Record<string, unknown>>, text: string): Record<string, string[]> {
  const of = (item: Item): [string, string[]][] => {
    if (item.item) return item.item.flatMap(of)
    if (item.type === 'text' || item.type === 'string') return [[item.linkId, [text]]]
    const [option] = item.answerOption ?? []
    const code = option && 'valueCoding' in option ? (option.valueCoding as { code: string }).code : undefined // a Questionnaire that was published
    return code && item.required ? [[item.linkId, [code]]] : []
  }
  return Object.fromEntries(((definition.item ?? []) as Item[]).flatMap(of)) // as above
}

const served = modules.flatMap((m) => m.routes)
const reads = served.filter(({ route }) => route.method === 'GET' || route.isExchange)
const words = {
  from: '2026-08-01',
  to: '2026-09-30',
  until: '2026-09-30',
  day: '2026-09-03',
  month: '2026-09',
  limit: 200,
  page: 1,
  search: '鸮',
}
const unsaid = { query: [], headers: {}, body: '', origin: 'http://localhost' }

/** Everything that may be asked of a route with what is known of her: each of her ids in the place of any id, and each word in the place of a search. */
function inputsOf({ route }: Served): object[] {
  const params = pathParams(route.path)
  const tries: object[] = []
  for (const known of params.length > 0 ? ids : ['']) {
    const path = Object.fromEntries(params.map((p) => [p, p === 'type' ? 'Patient' : known]))
    const asked = [...ids, known].flatMap((value) => ['patientId', 'encounterId', 'id', 'patient'].map((k) => ({ [k]: value })))
    if (route.isExchange) {
      for (const type of ['Patient', 'Encounter', 'Observation', 'DiagnosticReport', 'Condition', 'QuestionnaireResponse'])
        for (const query of [
          [],
          [['name', canary.name]],
          [['phone', canary.phone]],
          [['identifier', canary.record]],
          [['patient', id]],
          [['subject', `Patient/${id}`]],
        ])
          tries.push({
            ...path,
            ...unsaid,
            query,
            ...(params.includes('type') ? { type } : {}),
            ...(params.includes('id') ? { id: known } : {}),
          })
      continue
    }
    tries.push({ ...words, ...path }, { ...path }, { ...words, ...path, questionnaireId })
    if (known === ids[0] || known === '') {
      for (const q of Object.values(canary)) tries.push({ ...words, ...path, q, search: q })
      for (const more of asked) tries.push({ ...words, ...more, ...path })
    }
  }
  const parsed = tries.filter((input) => route.input.safeParse(input).success)
  return [...new Map(parsed.map((input) => [JSON.stringify(route.input.parse(input)), input])).values()]
}

/** What somebody asked for stands in the trail as they typed it: of the audit only what others did is read. */
const textOf = (reply: unknown): string => {
  if (reply && typeof reply === 'object' && 'body' in reply && Buffer.isBuffer(reply.body)) return reply.body.toString()
  return JSON.stringify(reply, (_, value) => (value && value.actorName === '好奇' ? undefined : value)) ?? ''
}

type Met = { route: string; what: string }
async function walk(who: Visitor): Promise<{ met: Met[]; answered: number }> {
  const met: Met[] = []
  let answered = 0
  for (const one of reads) {
    for (const input of inputsOf(one)) {
      const reply: unknown = await who.call(one.route, input).catch((refusal: { kind?: string; reply?: unknown }) => {
        if (refusal.kind === undefined && refusal.reply === undefined) throw refusal // a fault, not a refusal
        return refusal.reply ?? ''
      })
      answered += 1
      const text = textOf(reply)
      for (const [what, word] of Object.entries({ ...canary, id })) {
        // What was asked for may be said again: the search term of a list's next page, the id in a bundle's own link.
        if (text.includes(word) && !JSON.stringify(input).includes(word)) met.push({ route: `${one.route.module}.${one.route.name}`, what })
      }
    }
  }
  return { met, answered }
}

test('before she is of a class, whoever may do everything meets her through many doors: the walk can see', async () => {
  const { met } = await walk(snoop)
  const routes = new Set(met.map((m) => m.route))

  expect([...new Set(met.map((m) => m.what))].sort()).toEqual(
    expect.arrayContaining(['answer', 'caution', 'diagnosis', 'id', 'name', 'praise', 'report', 'visit']),
  )
  expect(routes.size).toBeGreaterThan(25)
})

test('a VIP is nowhere for whoever may not see VIPs: lists, searches, files, records, opinions, answers, tasks, messages, FHIR and logs', async () => {
  await officer.call(privacyApi.classify, { patientId: id, class: 'vip', reason: canary.reason })
  lines.length = 0
  const { met, answered } = await walk(snoop)

  expect(answered).toBeGreaterThan(500)
  expect([...new Set(met.map((m) => `${m.route}: ${m.what}`))]).toEqual([])
  expect(lines.filter((line) => Object.values({ ...canary, id }).some((word) => line.includes(word)))).toEqual([])
  expect([...new Set(told)].filter((t) => !modules.some((m) => m.name === t))).toEqual([])
})

test('every table with rows of a patient is behind the veil, or has its reason not to be', async () => {
  const open: Readonly<Record<string, string>> = {
    'access.emergencies': 'the trail is whole: whose patient it was is left out where it is shown',
    'patients.care_units': 'the veil asks it; ids alone',
    'patients.privacy': 'the veil asks it; ids, the class and a sealed reason',
    'patients.looked': 'ids alone, for the clock',
    'patients.segment_dirty': 'ids alone, for the clock',
    'patients.erased_numbers': 'keyed hashes, by which an erased person is known again',
    'patients.unusual_looks': 'as the trail, it is whole: whose patient it was is left out where it is shown',
  }
  const rows = await house.ownerSql(
    `select distinct n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      where c.relkind = 'r' and a.attname = 'patient_id' and n.nspname <> 'house'
        and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'veil') order by 1`,
  )

  expect(rows.map((r) => r.name)).toEqual(Object.keys(open).sort())
})

test('her answers are not in the figures of the questionnaire for whoever may not see her, and the others’ are', async () => {
  const ask = { questionnaireId, from: '2026-09-01', to: '2026-09-30' }
  const [hers, theirs] = [await officer.call(surveysApi.results, ask), await snoop.call(surveysApi.results, ask)]
  const said = (r: typeof hers) => r.questions.flatMap((q) => (q.isHidden ? [] : [q.n]))

  expect([hers.n, theirs.n]).toEqual([6, 5])
  expect(Math.max(...said(hers))).toBe(6)
  expect(Math.max(...said(theirs))).toBe(5)
  expect(JSON.stringify(hers)).toContain(canary.answer)
  expect(JSON.stringify(theirs)).not.toContain(canary.answer)
})
