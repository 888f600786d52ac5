import { contract, defineErrors, del, exchange, exchangeReply, get, moment, patch, post, put } from '@renxin/kernel'
import { z } from 'zod'

const FHIR = 'application/fhir+json; charset=utf-8'
const R4 = '/fhir/R4'
const BUNDLE_LIMIT = 32 * 1024 * 1024

const general = z.object(exchange)
const ofType = general.extend({ type: z.string() })
const ofOne = ofType.extend({ id: z.string() })

const spoken = <I extends z.ZodType>(address: string, input: I, may: string) => ({
  may,
  address,
  type: FHIR,
  isExchange: true,
  input,
  reply: exchangeReply,
})
const read = <I extends z.ZodType>(address: string, input: I) => get(R4 + address, spoken(R4 + address, input, 'fhir.read'))
const write = <I extends z.ZodType>(way: typeof post, address: string, input: I) =>
  way(R4 + address, spoken(R4 + address, input, 'fhir.write'))

/** `hooks.hospital.cn`, `*.hospital.cn`, `10.1.2.3`. */
const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^(\*\.)?[a-z0-9:.-]{1,250}$/)
const hosts = z.object({ hosts: z.array(host).max(100) })

/** Whether a host is meant by a name of the list: the same, or one beneath `*.`. */
export const isHostNamed = (host: string, named: string): boolean =>
  host === named || (named.startsWith('*.') && host.endsWith(named.slice(1)))

/** So many waiting notices are counted, and no more. */
export const countedNotices = 10_000

/** A subscription as whoever runs the interfaces may see it: the host alone of its address, and no header. */
export const Hook = z.object({
  id: z.uuid(),
  /** `Subscription/1`. */
  name: z.string(),
  type: z.string(),
  /** What stands for a person is hidden in it. */
  criteria: z.string(),
  host: z.string(),
  /** Whether the list of hosts lets notices go there. */
  isAllowed: z.boolean(),
  state: z.enum(['on', 'failing', 'paused', 'ended', 'off']),
  waiting: z.int(),
  waitingSince: moment.nullable(),
  /** What the other side answered, or the code of what went wrong. */
  error: z.string().nullable(),
})
export type Hook = z.infer<typeof Hook>
const oneHook = z.object({ id: z.uuid() })

/** Who is told, and to which hosts the notices may go; none named: any but this machine itself and addresses of the link. */
export const hookHostsApi = contract('integration', {
  hooks: get('/fhir/subscriptions', { may: 'integration.manage', reply: z.object({ rows: z.array(Hook) }) }),
  /** Holds its line: what happens waits, and nothing is sent until it is resumed. */
  pauseHook: post('/fhir/subscriptions/:id/pause', { may: 'integration.manage', input: oneHook, reply: Hook }),
  resumeHook: post('/fhir/subscriptions/:id/resume', { may: 'integration.manage', input: oneHook, reply: Hook }),
  hookHosts: get('/fhir/hook-hosts', { may: 'integration.manage', reply: hosts }),
  saveHookHosts: put('/fhir/hook-hosts', { may: 'integration.manage', input: hosts, reply: hosts }),
})

export const hookErrors = defineErrors('integration', { subscriptionNotFound: 'not_found' })

/** FHIR R4 REST: the addresses are the standard's. Who was shown or changed is audited by the handlers, resource by resource. */
export const fhirApi = contract('integration', {
  fhirCapabilities: get(`${R4}/metadata`, spoken(`${R4}/metadata`, general, 'anyone')),
  fhirSmart: get(`${R4}/.well-known/smart-configuration`, spoken(`${R4}/.well-known/smart-configuration`, general, 'anyone')),
  fhirToken: post(
    `${R4}/auth/:hospitalId/token`,
    spoken(`${R4}/auth/:hospitalId/token`, general.extend({ hospitalId: z.string() }), 'anyone'),
  ),
  // A batch may only read; each write in it is permitted on its own.
  fhirBundle: post(R4, { ...spoken(R4, general, 'fhir.read'), bodyLimit: BUNDLE_LIMIT }),
  fhirSearch: read('/:type', ofType),
  fhirSearchByPost: post(`${R4}/:type/_search`, spoken(`${R4}/:type/_search`, ofType, 'fhir.read')),
  fhirHistoryOfType: read('/:type/_history', ofType),
  fhirRead: read('/:type/:id', ofOne),
  fhirHistory: read('/:type/:id/_history', ofOne),
  fhirReadVersion: read('/:type/:id/_history/:version', ofOne.extend({ version: z.string() })),
  fhirEverything: read('/:type/:id/$everything', ofOne),
  fhirCreate: write(post, '/:type', ofType),
  fhirUpdate: write(put, '/:type/:id', ofOne),
  fhirUpdateWhere: write(put, '/:type', ofType),
  fhirPatch: write(patch, '/:type/:id', ofOne),
  fhirPatchWhere: write(patch, '/:type', ofType),
  fhirDelete: write(del, '/:type/:id', ofOne),
  fhirDeleteWhere: write(del, '/:type', ofType),
})
