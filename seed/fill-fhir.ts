import { generateKeyPairSync } from 'node:crypto'
import { createClient } from '@renxin/access'
import { fhirApi, hookHostsApi } from '@renxin/integration/contract'
import { type Actor, type House, inHospital, isClosedHost } from '@renxin/server'
import { deskOf, doorOf } from './doors.ts'
import { drawName } from './names.ts'
import { makeRandom, type Random } from './random.ts'

const NAME = '区域医疗信息平台'
const SCOPES = ['fhir.read', 'fhir.write']
const REFERRED = 6
const HOUR = 3_600_000
const HERE = '127.0.0.1'
/** Where the imaginary platform takes notices, while the simulated hospital runs. */
export const HOOK_PORT = 2577

const REASONS = [
  ['I10.x00', '原发性高血压', '心血管内科'],
  ['E11.900', '2型糖尿病', '内分泌代谢科'],
  ['J44.100', '慢性阻塞性肺疾病急性加重', '呼吸与危重症医学科'],
] as const

type Resource = { resourceType: string; id: string } & Record<string, unknown>

/** A platform of the region that speaks FHIR: known by its key, and through its door came the people whom health centres sent to our clinics. */
export async function fillFhir(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const random = makeRandom(seed + 7)
  // Whoever wants to be the platform makes a key of his own: nobody keeps the private half of this one.
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'demo', use: 'sig' }] }
  const { id, name } = await inHospital(house, hospitalId, (ctx) => createClient(ctx, { name: NAME, keys, scopes: SCOPES }))
  const may = new Map(SCOPES.map((scope) => [scope, 'hospital' as const]))
  const platform: Actor = { kind: 'key', id, name, personId: null, may, departments: [], wards: [], scope: 'hospital' }
  const say = async (at: Date, ...resources: Resource[]) => {
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: resources.map(put) })
    const door = doorOf({ ...house, now: () => at }, hospitalId, platform)
    const { status, body: said } = await door(fhirApi.fhirBundle, { query: [], headers: {}, body, origin: '' })
    if (status !== 200) throw new Error(`the platform was refused: ${said}`)
  }
  const ago = (hours: number) => new Date(house.now().getTime() - hours * HOUR)
  for (let n = REFERRED; n >= 1; n -= 1) await say(ago(n * 3), ...referral(random, n, ago(n * 3)))
  if (isClosedHost(HERE)) return
  const engineer = deskOf(house, hospitalId, { id: accounts.get('system') ?? '', name: '罗宁' })
  await engineer(hookHostsApi.saveHookHosts, { hosts: [HERE] })
  await say(ago(1), subscription)
  // It answers only while the simulated hospital runs: who starts that lets the line go on.
  for (const { id } of (await engineer(hookHostsApi.hooks, {})).rows) await engineer(hookHostsApi.pauseHook, { id })
}

const subscription: Resource = {
  resourceType: 'Subscription',
  id: 'QYDY1',
  status: 'requested',
  reason: '转诊患者住院与出院通知',
  criteria: 'Encounter?class=IMP',
  channel: { type: 'rest-hook', endpoint: `http://${HERE}:${HOOK_PORT}/hook`, payload: 'application/fhir+json' },
}

const put = (resource: Resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })

/** Somebody, the visit for which he was sent, why, and what was measured there. */
function referral(random: Random, n: number, at: Date): Resource[] {
  const gender = random.chance(0.5) ? 'male' : 'female'
  const [code, display, department] = random.pick(REASONS)
  const [subject, encounter] = [{ reference: `Patient/QY${n}` }, { reference: `Encounter/QYZ${n}` }]
  const reason = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code, display }], text: display }
  return [
    {
      resourceType: 'Patient',
      id: `QY${n}`,
      identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:demo:platform', value: `QY${String(n).padStart(6, '0')}` }],
      name: [{ text: drawName(random, gender) }],
      gender,
      birthDate: `${random.int(1945, 1985)}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`,
    },
    {
      resourceType: 'Encounter',
      id: `QYZ${n}`,
      identifier: [{ value: `QYZ${String(n).padStart(6, '0')}` }],
      status: 'in-progress',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
      participant: [
        { type: [{ coding: [{ code: 'REF' }] }], individual: { display: drawName(random, 'female') } },
        { type: [{ coding: [{ code: 'CON' }] }], individual: { display: drawName(random, 'male') } },
      ],
      period: { start: at.toISOString() },
      reasonCode: [reason],
      serviceProvider: { display: department },
    },
    {
      resourceType: 'Condition',
      id: `QYD${n}`,
      category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
      code: reason,
      subject,
      encounter,
      recordedDate: at.toISOString(),
    },
    {
      resourceType: 'Flag',
      id: `QYF${n}`,
      status: 'active',
      code: { text: '社区签约居民，结束后请转回家庭医生团队随访' },
      subject,
    },
  ]
}
