import { contract, cursor, get, localDate, moment, page } from '@renxin/kernel'
import { z } from 'zod'

const ExportEntry = z.object({
  serial: z.string(), // `EX-000042`, as it stands in the file
  at: moment,
  actorId: z.uuid().nullable(),
  actorName: z.string(),
  route: z.string(), // of which kind it was: `analytics.export`
  title: z.string(),
  format: z.enum(['xlsx', 'csv']),
  reason: z.string(),
  filters: z.array(z.tuple([z.string(), z.string()])), // what was asked, in words
  rows: z.int(),
  address: z.string().nullable(),
  requestId: z.string(),
})
export type ExportEntry = z.infer<typeof ExportEntry>

export const exportsApi = contract('access', {
  /** Who took what: the newest first. */
  exports: get('/exports', {
    may: 'access.exports',
    input: z.object({
      actorId: z.uuid().optional(),
      route: z.string().max(100).optional(),
      serial: z
        .string()
        .trim()
        .regex(/^(EX-)?\d{1,9}$/i)
        .optional(),
      from: localDate.optional(),
      to: localDate.optional(), // inclusive
      ...cursor,
    }),
    reply: page(ExportEntry),
  }),
  /** What may be chosen among: the kinds that were ever taken, and by whom. */
  exportChoices: get('/export-choices', {
    may: 'access.exports',
    reply: z.object({
      kinds: z.array(z.object({ route: z.string(), title: z.string() })),
      actors: z.array(z.object({ id: z.uuid(), name: z.string() })),
    }),
  }),
})
