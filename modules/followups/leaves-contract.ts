import { contract, cursor, defineErrors, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

/** Somebody is away, and others have their tasks. */
export const Leave = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  userName: z.string(),
  fromOn: localDate,
  untilOn: localDate, // the last day away
  toId: z.uuid().nullable(), // null: the pool that each task is of
  toName: z.string().nullable(),
  note: z.string(),
  madeByName: z.string(),
  state: z.enum(['planned', 'away', 'over']),
  handed: z.int(), // tasks that went over
  done: z.int(), // of those, closed meanwhile
  back: z.int(), // came back as they were
  kept: z.int(), // open, and stayed with whoever had begun them
})
export type Leave = z.infer<typeof Leave>

/** What became of a task by somebody's leave, as its page tells it. */
export const Handover = z.object({
  at: moment,
  kind: z.enum(['over', 'back']),
  fromName: z.string().nullable(),
  toName: z.string().nullable(), // null: to the pool
})
export type Handover = z.infer<typeof Handover>

const one = z.object({ id: z.uuid() })

export const leavesApi = contract('followups', {
  /** One's own, and of the people of the units that one sees. */
  leaves: get('/leaves', {
    may: 'followups.read',
    input: z.object({ show: z.enum(['now', 'over']).default('now'), ...cursor }),
    reply: page(Leave),
  }),
  saveLeave: put('/leaves/:id', {
    may: 'followups.read', // one's own with followups.work, others' with followups.assign
    input: one.extend({
      body: z
        .object({
          userId: z.uuid(),
          fromOn: localDate,
          untilOn: localDate,
          toId: z.uuid().nullable(),
          note: z.string().trim().max(200),
        })
        .refine((b) => b.untilOn >= b.fromOn, { path: ['untilOn'] }),
    }),
    reply: Leave,
  }),
  /** Back before the last day: what is untouched comes back now. */
  endLeave: post('/leaves/:id/end', { may: 'followups.read', input: one, reply: Leave }),
  /** Who works on tasks, and who of them is away. */
  colleagues: get('/colleagues', {
    may: 'followups.read',
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), name: z.string(), awayUntil: localDate.nullable() })) }),
  }),
})

export const leaveErrors = defineErrors('followups', {
  leaveNotFound: 'not_found',
  leaveThere: 'conflict', // untilOn
  leavePast: 'invalid',
  leaveBegun: 'conflict',
  receiverAway: 'conflict', // name, untilOn
  receiverUnknown: 'invalid',
})
