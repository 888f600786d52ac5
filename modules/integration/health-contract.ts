import { contract, defineErrors, get, moment, put } from '@renxin/kernel'
import { z } from 'zod'
import { Subject } from './views-contract.ts'

export const doorKinds = ['sender', 'destination', 'fhir', 'view', 'folder'] as const
/**
 * `silent`: quiet for longer than it ever was at this hour. `trouble`: something in it failed and waits for a person. `learning`: too new to know how
 * quiet it may be. `never`: nothing has come yet.
 */
export const DoorState = z.enum(['fine', 'silent', 'trouble', 'learning', 'never', 'off'])
export type DoorState = z.infer<typeof DoorState>

export const Door = z.object({
  door: z.string(),
  kind: z.enum(doorKinds),
  /** Of the sender, the destination, the view or the folder. */
  objectId: z.string(),
  /** A view has that of its source, and its subject beside it. */
  name: z.string(),
  subject: Subject.nullable(),
  state: DoorState,
  lastAt: moment.nullable(),
  silentSince: moment.nullable(),
  /** In this hour until now, and usually in the whole of this hour: the median of the last four weeks. */
  thisHour: z.int().nullable(),
  usual: z.number().nullable(),
  /** From the source's clock to ours, the median of its latest hour. */
  lagSeconds: z.number().nullable(),
  /** Messages that wait for a person. */
  troubles: z.int(),
  /** The longest silence at this hour in the last four weeks; it alarms beyond this and beyond the floor. */
  quietSeconds: z.int().nullable(),
  floorMinutes: z.int().nullable(),
})
export type Door = z.infer<typeof Door>

export const Point = z.object({ at: moment, messages: z.int(), troubles: z.int() })
export type Point = z.infer<typeof Point>

export const healthApi = contract('integration', {
  doors: get('/doors', { may: 'integration.read', reply: z.object({ rows: z.array(Door) }) }),
  /** Hours of a day, or days of a month, of one door or of all that bring something. */
  throughput: get('/throughput', {
    may: 'integration.read',
    input: z.object({ door: z.string().max(80).optional(), span: z.enum(['day', 'month']).default('day') }),
    reply: z.object({ rows: z.array(Point) }),
  }),
  saveFloor: put('/doors/:door/floor', {
    may: 'integration.manage',
    input: z.object({ door: z.string().max(80), floorMinutes: z.coerce.number().int().min(1).max(10_080) }),
    reply: z.object({ door: z.string(), floorMinutes: z.int() }),
  }),
  /** What the inbox holds: from the hourly counts, so as of some seconds ago. */
  inboxSize: get('/inbox-size', {
    may: 'integration.read',
    reply: z.object({ messages: z.int(), bytes: z.int(), oldestAt: moment.nullable(), keepDays: z.int() }),
  }),
})

export const healthErrors = defineErrors('integration', { doorNotFound: 'not_found' })
