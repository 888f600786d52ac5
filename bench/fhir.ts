import pg from 'pg'
import { drained, marks } from './feed.ts'
import { paired } from './pairs.ts'
import { dropFolder, freshFolder, type Product, poolsOf, runCommand, startProduct } from './product.ts'
import { MARK, rowsSince, snapshot, writeRaw } from './raw.ts'
import { type Row, rowOf } from './result.ts'

const CLIENTS = 8
const COUNT = 400

/** Transaction bundles a second, their full effect committed and the backlog drained, beside the same rows by raw SQL, one transaction each. */
export async function fhirRows({ log }: { log: (line: string) => void }): Promise<Row[]> {
  const dataDir = await freshFolder('fhir')
  const product = await startProduct(dataDir)
  try {
    await runCommand(dataDir, ['hospital', 'create', '--name', 'BENCH'])
    const said = await runCommand(dataDir, ['api-key', 'create', '--name', 'bench', '--scope', 'fhir.read', '--scope', 'fhir.write'])
    const key = /rx_\d+_\S+/.exec(said)?.[0] ?? ''
    const { app, owner, urls } = await poolsOf(dataDir)
    await post(product, key, bundle('00000000'))
    await drained(app)
    const before = await snapshot(app)
    await post(product, key, bundle(MARK))
    await drained(app)
    const template = await rowsSince(app, before)
    log(`one bundle writes ${template.length} rows in ${new Set(template.map((t) => t.table)).size} tables`)
    const raw = new pg.Pool({ connectionString: urls.appUrl, max: CLIENTS })
    const ours = async () => {
      const bundles = marks(COUNT).map(bundle)
      const began = performance.now()
      await Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          for (let one = bundles.pop(); one; one = bundles.pop()) await post(product, key, one)
        }),
      )
      await drained(app)
      return COUNT / ((performance.now() - began) / 1000)
    }
    await ours()
    await owner.query('analyze') // as the database does by itself within a minute
    const pair = await paired(ours, () => writeRaw(raw, template, marks(COUNT), CLIENTS))
    log(`fhir: ${pair.ours.map(Math.round)} beside ${pair.beside.map(Math.round)}`)
    await Promise.all([raw.end(), app.end(), owner.end()])
    return [
      rowOf(pair, {
        name: 'fhir-transaction',
        what: `transaction Bundle of Patient, Encounter and QuestionnaireResponse, ${CLIENTS} clients, full effect`,
        unit: 'bundles/s',
        beside: 'same rows, raw SQL, a transaction each',
        goal: '≥ 0.15',
        isMet: (ratio) => ratio >= 0.15,
      }),
    ]
  } finally {
    await product.stop()
    await dropFolder(dataDir)
  }
}

async function post({ url }: Product, key: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/fhir/R4`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  })
  const said = await answer.text()
  if (answer.status !== 200) throw new Error(`a bundle was answered ${answer.status}: ${said.slice(0, 300)}`)
}

/** Somebody not seen before, who went home, and what he answered. */
function bundle(mark: string): object {
  const [person, stay] = [`urn:uuid:aaaaaaaa-0000-4000-8000-0000${mark}`, `urn:uuid:bbbbbbbb-0000-4000-8000-0000${mark}`]
  const entry = (resource: { resourceType: string }, fullUrl: string) => ({
    fullUrl,
    resource,
    request: { method: 'POST', url: resource.resourceType },
  })
  const patient = {
    resourceType: 'Patient',
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:his', value: `F${mark}` }],
    name: [{ text: '王晓明' }],
    gender: 'male',
    birthDate: '1970-01-01',
    telecom: [{ system: 'phone', value: `138${mark}`, use: 'mobile' }],
  }
  const encounter = {
    resourceType: 'Encounter',
    identifier: [{ value: `FV${mark}` }],
    status: 'finished',
    class: { code: 'IMP' },
    subject: { reference: person },
    period: { start: '2026-11-01T08:00:00+08:00', end: '2026-11-05T10:00:00+08:00' },
    location: [{ location: { display: '心血管内科一病区 12床' } }],
    serviceProvider: { display: '心血管内科' },
  }
  const response = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: 'https://example.org/Questionnaire/other',
    subject: { reference: person },
    encounter: { reference: stay },
    authored: '2026-11-08T10:00:00+08:00',
    item: Array.from({ length: 20 }, (_, i) => ({ linkId: `q${i + 1}`, answer: [{ valueInteger: (i % 5) + 1 }] })),
  }
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [entry(patient, person), entry(encounter, stay), entry(response, `urn:uuid:cccccccc-0000-4000-8000-0000${mark}`)],
  }
}
