import { contract, get, moment } from '@renxin/kernel'
import { z } from 'zod'

/** How follow-up stands today; each figure is the number of rows of a list of tasks. */
export const Standing = z.object({
  dueToday: z.int(), // open, and to be done by midnight
  overdue: z.int(), // open, and the window is over
  unclaimed: z.int(), // open, and nobody has it
  doneToday: z.int(),
})
export type Standing = z.infer<typeof Standing>

export const DepartmentStanding = Standing.extend({ departmentId: z.uuid().nullable(), departmentName: z.string().nullable() })
export type DepartmentStanding = z.infer<typeof DepartmentStanding>

export const standingApi = contract('followups', {
  /** Of whom one looks after: the ward, the department, the hospital; and what one has in hand oneself. */
  standing: get('/standing', {
    may: 'followups.read',
    reply: z.object({
      reckonedAt: moment.nullable(), // null: not reckoned yet, or there is nothing
      total: Standing,
      departments: z.array(DepartmentStanding),
      own: Standing.omit({ unclaimed: true }),
    }),
  }),
})
