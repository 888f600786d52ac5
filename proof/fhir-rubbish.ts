import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Product, runCommand } from '@renxin/app-server/testing'
import { mutate, seeded } from '@renxin/fhir/testing'
import { residentMegabytes } from './hl7-rubbish.ts'

export type Spoilt = { sent: number; byStatus: Record<number, number>; seconds: number; megabytes: number[] }

const CLIENTS = 8
const PATIENCE_MS = 60_000

type Body = { resourceType: string; [field: string]: unknown }

const patient = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [
    { type: { coding: [{ code: 'MR' }] }, system: 'urn:his', value: 'M0001' },
    { system: 'urn:oid:2.16.156.10011.1.3', value: '110101196001020015' },
  ],
  name: [{ text: '錦東·葉' }],
  telecom: [{ system: 'phone', value: '13800001234', use: 'mobile', rank: 1 }],
  gender: 'female',
  birthDate: '1960-01-02',
  address: [{ text: '示范市示范路1号', district: '示范区' }],
  contact: [{ relationship: [{ text: '配偶' }], name: { text: '王大明' }, telecom: [{ value: '13900005678' }] }],
}
const encounter = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { code: 'IMP' },
  subject: { reference: 'Patient/p1' },
  identifier: [{ value: 'V0001' }],
  period: { start: '2026-11-01T08:00:00+08:00', end: '2026-11-05T10:00:00+08:00' },
  location: [{ location: { display: '心内一病区 12床' } }],
}
const observation = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2823-3', display: '钾' }] },
  subject: { reference: 'Patient/p1' },
  encounter: { reference: 'Encounter/e1' },
  effectiveDateTime: '2026-11-02T07:00:00+08:00',
  valueQuantity: { value: 7.1, unit: 'mmol/L' },
  interpretation: [{ coding: [{ code: 'HH' }] }],
}
const bundle = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      fullUrl: 'urn:uuid:6f3f0a40-0c5e-4c0f-9a39-4b5f5c1d0001',
      resource: { ...patient, id: undefined },
      request: { method: 'POST', url: 'Patient' },
    },
    {
      fullUrl: 'urn:uuid:6f3f0a40-0c5e-4c0f-9a39-4b5f5c1d0002',
      resource: { ...encounter, id: undefined, subject: { reference: 'urn:uuid:6f3f0a40-0c5e-4c0f-9a39-4b5f5c1d0001' } },
      request: { method: 'POST', url: 'Encounter', ifNoneExist: 'identifier=V0001' },
    },
    { resource: observation, request: { method: 'PUT', url: 'Observation/o1' } },
    { request: { method: 'GET', url: 'Patient?identifier=M0001' } },
    { request: { method: 'DELETE', url: 'Observation/o2' } },
  ],
}

const corpus = (): Body[] => [...[patient, encounter, observation, bundle].map((b): Body => JSON.parse(JSON.stringify(b))), ...samples()]

/** What nobody here wrote, where it lies on this machine (`RENXIN_SAMPLES`). */
function samples(): Body[] {
  const folder = join(process.env.RENXIN_SAMPLES ?? '', 'fhir/spec-examples')
  if (!process.env.RENXIN_SAMPLES || !existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name): Body => JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

/** A key that reads and writes, for whoever throws things at the FHIR door. */
export async function fhirKey(dataDir: string): Promise<string> {
  const said = await runCommand(dataDir, ['api-key', 'create', '--name', 'rubbish', '--scope', 'fhir.read', '--scope', 'fhir.write'])
  const key = /rx_\d+_\S+/.exec(said)?.[0]
  if (!key) throw new Error('no key was made')
  return key
}

/** Sends spoilt bodies to the FHIR door, created, put and as bundles. An answer of 500 or more throws with the seed that repeats it, and so does none. */
export async function spoilFhir(product: Product, key: string, { count, seed }: { count: number; seed: number }): Promise<Spoilt> {
  const bodies = corpus()
  const spoilt: Spoilt = { sent: 0, byStatus: {}, seconds: 0, megabytes: [] }
  const began = performance.now()
  const watch = setInterval(() => void residentMegabytes(product).then((mb) => spoilt.megabytes.push(mb)), 1000)
  let next = 0
  try {
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (let nth = next++; nth < count; nth = next++) await sendOne(nth)
      }),
    )
  } finally {
    clearInterval(watch)
  }
  spoilt.seconds = (performance.now() - began) / 1000
  return spoilt

  async function sendOne(nth: number): Promise<void> {
    const chance = seeded(seed * 1_000_003 + nth)
    const body = bodies[Math.floor(chance() * bodies.length)] ?? patient
    const text = mutate(body, chance)
    const isBundle = body.resourceType === 'Bundle' && chance() < 0.8
    const isPut = !isBundle && chance() < 0.4
    const address = `${product.url}/fhir/R4${isBundle ? '' : `/${body.resourceType}${isPut ? `/${String(body.id)}` : ''}`}`
    const answer = await fetch(address, {
      method: isPut ? 'PUT' : 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/fhir+json',
        'x-forwarded-for': `10.1.${nth % 200}.${nth % 250}`,
      },
      body: text,
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const said = await answer.text()
    if (answer.status >= 500) throw new Error(`body ${nth} of seed ${seed} was answered ${answer.status}: ${said.slice(0, 300)}`)
    spoilt.byStatus[answer.status] = (spoilt.byStatus[answer.status] ?? 0) + 1
    spoilt.sent += 1
  }
}
