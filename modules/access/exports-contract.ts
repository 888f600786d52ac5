import { contract, cursor, exportFormats, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

const ExportEntry = z.object({
  serial: z.string(), // `EX-000042`, as it stands in the file
  at: moment,
  actorId: z.uuid().nullable(),
  actorName: z.string(),
  route: z.string(), // of which kind it was: `analytics.export`
  title: z.string(),
  format: z.enum([...exportFormats, 'page']), // a page: a copy of his own file for a person
  reason: z.string(),
  filters: z.array(z.tuple([z.string(), z.string()])), // what was asked, in words
  rows: z.int(),
  address: z.string().nullable(),
  requestId: z.string(),
})
export type ExportEntry = z.infer<typeof ExportEntry>

export const requestStates = ['waiting', 'released', 'refused', 'taken', 'lapsed'] as const
/** An export that is more than one person takes alone. */
const ExportRequest = z.object({
  id: z.uuid(),
  at: moment,
  actorId: z.uuid(),
  actorName: z.string(),
  route: z.string(),
  title: z.string(),
  format: z.enum(exportFormats),
  reason: z.string(),
  filters: z.array(z.tuple([z.string(), z.string()])),
  columns: z.array(z.string()),
  rows: z.int(),
  isPlain: z.boolean(), // with whole names or numbers
  state: z.enum(requestStates),
  isOwn: z.boolean(),
  decidedAt: moment.nullable(),
  decidedByName: z.string().nullable(),
  decision: z.string().nullable(), // why
  takeUntil: moment.nullable(),
  serial: z.string().nullable(), // once it was taken
})
export type ExportRequest = z.infer<typeof ExportRequest>

/** With what the same question is asked again, to take what was released. */
const OwnRequest = ExportRequest.extend({ path: z.string(), asked: z.record(z.string(), z.unknown()) })
export type OwnRequest = z.infer<typeof OwnRequest>

/** How much somebody takes away alone. */
export const ExportLimits = z
  .object({
    aloneRows: z.int().min(0).max(50_000),
    mostRows: z.int().min(1).max(50_000),
    plainWaits: z.boolean(),
    takeHours: z.int().min(1).max(168),
  })
  .refine((l) => l.aloneRows <= l.mostRows, { path: ['aloneRows'] })
export type ExportLimits = z.infer<typeof ExportLimits>

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
  /** What waits to be released, or all that was ever asked for: the newest first. */
  exportRequests: get('/export-requests', {
    may: 'access.releaseExports',
    input: z.object({ state: z.enum(['waiting', 'all']).default('waiting'), ...cursor }),
    reply: page(ExportRequest),
  }),
  /** Once, and by another than whoever asked. */
  decideExport: post('/export-requests/:id/decision', {
    may: 'access.releaseExports',
    input: z.object({ id: z.uuid(), isReleased: z.boolean(), reason: z.string().trim().min(2).max(200) }),
    reply: ExportRequest,
  }),
  ownExportRequests: get('/me/export-requests', { may: 'signedIn', input: z.object(cursor), reply: page(OwnRequest) }),
  /** What every page says: how many exports of others wait for this person, and how many of his own may be taken now. */
  exportNotices: get('/me/export-notices', { may: 'signedIn', reply: z.object({ waiting: z.int(), ready: z.int() }) }),
  exportLimits: get('/export-limits', { may: 'access.rules', reply: ExportLimits }),
  saveExportLimits: put('/export-limits', { may: 'access.rules', input: ExportLimits, reply: ExportLimits }),
})
