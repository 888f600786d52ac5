import type { Route } from '@renxin/kernel'
import { tracesIn, type World } from './crawl.ts'
import { type Account, marks } from './realms.ts'
import { type Answer, request } from './requests.ts'
import { rehearse } from './watch.ts'

/** Under which types the things of a hospital are read, and by which of its objects. */
const ofKinds = {
  Patient: 'patient', Encounter: 'stay', DiagnosticReport: 'report', DocumentReference: 'document', Task: 'task', QuestionnaireResponse: 'response', Questionnaire: 'questionnaire',
  Organization: 'department', Location: 'ward', Practitioner: 'person', Communication: 'opinion', PlanDefinition: 'programme',
} as const // biome-ignore format: a table

/** What came over FHIR under ids of the sender's choice; both hospitals were told the like. */
const ofDoor = { Patient: '', Encounter: 'E', Observation: 'O', Basic: 'B', Subscription: 'S' } as const

/** Asks the FHIR door of one hospital in every way for what is another's: by id, by search, by chains and inclusions, by bundles. */
export async function crawlFhir({
  http,
  routes,
  accounts,
  objects,
}: World): Promise<{ faults: string[]; requests: number; shown: number }> {
  const found = { faults: new Set<string>(), requests: 0, shown: 0 }
  const route = (name: string): Route => {
    const is = routes.find((r) => r.module === 'integration' && r.name === name)
    if (!is) throw new Error(`there is no route ${name}`)
    return is
  }
  const exchanges = routes.filter((r) => r.isExchange)
  const speaker = accounts.find((a) => a.may.has('fhir.write'))
  if (!speaker) throw new Error('no account speaks FHIR')

  for (const account of accounts)
    for (const r of exchanges) {
      if (r.may === 'anyone' || account.may.has(r.may)) continue
      const answer = await ask(account, r, { type: 'Patient', id: marks.own.word, version: '1' })
      if (answer.status !== 403)
        found.faults.add(`${r.module}.${r.name} as ${account.role}: without the permission it answers ${answer.status}`)
    }
  const ids = [
    ...Object.entries(ofDoor).map(([type, letter]) => ({
      type,
      own: `${marks.own.word}${letter}`,
      foreign: `${marks.hospital.word}${letter}`,
    })),
  ]
  for (const [type, kind] of Object.entries(ofKinds)) {
    const [own, foreign] = [objects.own[kind], objects.hospital[kind]]
    if (own && foreign) ids.push({ type, own, foreign })
  }
  for (const { type, own, foreign } of ids) await tryId(speaker, type, own, foreign)
  for (const type of await typesOf(speaker)) await trySearches(speaker, type)
  await tryBundle(speaker)
  return { ...found, faults: [...found.faults].sort() }

  async function tryId(account: Account, type: string, own: string, foreign: string): Promise<void> {
    const absent = own.length > 30 ? crypto.randomUUID() : `${marks.own.word}none`
    const mine = await ask(account, route('fhirRead'), { type, id: own })
    if (mine.status === 200) found.shown += 1
    for (const name of ['fhirRead', 'fhirHistory', 'fhirReadVersion', 'fhirEverything', 'fhirDelete', 'fhirPatch']) {
      const body = name === 'fhirPatch' ? JSON.stringify([{ op: 'add', path: '/language', value: 'zh' }]) : ''
      const of = (id: string) => ask(account, route(name), { type, id, version: '1', body })
      const [theirs, nobodys] = [await of(foreign), await of(absent)]
      look(theirs, `${name} of ${type}/${foreign}`, [foreign])
      if (plain(theirs, foreign) !== plain(nobodys, absent))
        found.faults.add(
          `${name} of ${type}/${foreign} answers otherwise than of what never was: ${theirs.text.slice(0, 200)} / ${nobodys.text.slice(0, 200)}`,
        )
    }
  }

  async function trySearches(account: Account, type: string): Promise<void> {
    const { word, name, phone } = marks.hospital
    const patient = objects.hospital.patient ?? ''
    const about = [word, patient].flatMap((id) => [
      ['patient', id],
      ['subject', `Patient/${id}`],
      ['_id', id],
      ['_has:Observation:patient:_id', `${word}O`],
    ])
    const searches = [
      [],
      [['_include', '*']],
      [['_revinclude', 'Observation:subject'], ['_revinclude', 'Encounter:subject'], ['_revinclude:iterate', '*']],
      [['_include', `${type}:subject`], ['_include', `${type}:patient`], ['_include:iterate', 'Encounter:subject']],
      ...about.map((pair) => [pair]),
      [['patient.name', name]], [['subject:Patient.name', name]], [['patient.phone', phone]], [['name', name]], [['identifier', `${word}1`]], [['identifier', `urn:his|${word}F`]],
      [['_sort', '-_lastUpdated'], ['_count', '200'], ['_total', 'accurate']], [['_summary', 'count'], ['patient', word]], [['_elements', 'name,telecom'], ['patient', word]],
    ] // biome-ignore format: a table
    for (const query of searches)
      for (const name of ['fhirSearch', 'fhirSearchByPost'] as const) {
        const answer = await ask(account, route(name), { type, query })
        look(
          answer,
          `${name} of ${type}?${String(new URLSearchParams(query.map(([k = '', v = '']) => [k, v])))}`,
          query.flatMap(([, v = '']) => [v, encodeURIComponent(v)]),
        )
      }
    look(await ask(account, route('fhirHistoryOfType'), { type }), `the history of ${type}`, [])
  }

  async function tryBundle(account: Account): Promise<void> {
    const { word } = marks.hospital
    const asked = [
      `Patient/${word}`,
      `Patient/${word}/$everything`,
      `Patient?_id=${word}&_revinclude=Observation:subject`,
      `Patient/${objects.hospital.patient}`,
    ]
    for (const type of ['batch', 'transaction']) {
      const body = JSON.stringify({ resourceType: 'Bundle', type, entry: asked.map((url) => ({ request: { method: 'GET', url } })) })
      look(await ask(account, route('fhirBundle'), { body }), `a ${type}`, [word, ...asked, objects.hospital.patient ?? ''])
    }
  }

  async function typesOf(account: Account): Promise<string[]> {
    const { text } = await ask(account, route('fhirCapabilities'), {})
    const said: { rest?: { resource?: { type: string }[] }[] } = JSON.parse(text)
    return (said.rest?.[0]?.resource ?? []).map((r) => r.type)
  }

  function look(answer: Answer, what: string, echoed: readonly string[]): void {
    const text = echoed.filter(Boolean).reduce((left, word) => left.replaceAll(word, ''), answer.text)
    for (const trace of tracesIn({ ...answer, text }, 'hospital')) found.faults.add(`${what} shows ${trace}`)
    if (answer.status >= 500) found.faults.add(`${what} answers ${answer.status}: ${answer.text.slice(0, 200)}`)
  }

  function ask(account: Account, r: Route, input: object): Promise<Answer> {
    found.requests += 1
    return rehearse(() => request(http, account.session, r, { ...input }))
  }
}

const plain = ({ status, text }: Answer, id: string) =>
  `${status} ${text.replaceAll(id, 'ID').replaceAll(/"(id|lastUpdated|diagnostics|timestamp|versionId)":"[^"]*"/g, '')}`
