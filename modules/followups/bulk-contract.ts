import { contract, defineErrors, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'
import { boardFilter, Seniority } from './tasks-contract.ts'

/** So many tasks are given out by one request at most. */
export const bulkLimit = 5000
/** Until so many hours after it began it can be undone. */
export const bulkUndoHours = 24

export const bulkStatuses = ['running', 'done', 'undoing', 'undone'] as const

/** What the administrators' list may show for its tasks to be given out. */
export const BulkFilter = z.object({ show: z.enum(['open', 'overdue', 'unclaimed']).default('open'), ...boardFilter })
export type BulkFilter = z.infer<typeof BulkFilter>

/** Tasks that are given out by the filter, and how far that is. */
export const BulkAssignment = z.object({
  id: z.uuid(),
  status: z.enum(bulkStatuses),
  among: z.array(z.string()), // names
  total: z.int(),
  given: z.int(),
  passed: z.int(), // closed meanwhile, or in a call
  undone: z.int(),
  kept: z.int(), // of what was to be undone: begun, or given to somebody else since
  startedAt: moment,
  startedByName: z.string(),
  finishedAt: moment.nullable(),
  undoUntil: moment.nullable(), // null: it cannot be undone any more
})
export type BulkAssignment = z.infer<typeof BulkAssignment>

export const bulkApi = contract('followups', {
  bulkCount: get('/bulk-assignments/count', {
    may: 'followups.assign',
    input: BulkFilter,
    reply: z.object({ n: z.int() }), // one more than `bulkLimit` says: more than that
  }),
  /** The first so many of what the filter shows, by their deadlines, go to these people evenly by the load that each has. */
  beginBulk: post('/bulk-assignments', {
    may: 'followups.assign',
    input: z.object({
      id: z.uuid(),
      filter: BulkFilter,
      among: z.array(z.uuid()).min(1).max(100),
      seniority: Seniority.optional(),
    }),
    reply: BulkAssignment,
  }),
  /** One's own of the last day, the latest first. */
  bulkAssignments: get('/bulk-assignments', { may: 'followups.assign', reply: z.object({ rows: z.array(BulkAssignment) }) }),
  /** Takes back whatever nobody has begun since; what was not given out yet stays as it is. */
  undoBulk: post('/bulk-assignments/:id/undo', {
    may: 'followups.assign',
    input: z.object({ id: z.uuid() }),
    reply: BulkAssignment,
  }),
})

export const bulkErrors = defineErrors('followups', {
  bulkNotFound: 'not_found',
  bulkNothing: 'conflict', // the filter shows nothing
  bulkTooLate: 'conflict', // to undo it
  bulkUndone: 'conflict',
})
