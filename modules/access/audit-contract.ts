import { contract, cursor, exportAsk, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

const AuditEntry = z.object({
  id: z.uuid(),
  at: moment,
  actorId: z.uuid().nullable(),
  actorName: z.string(),
  action: z.string(),
  patientId: z.uuid().nullable(),
  objectId: z.string().nullable(),
  reason: z.string().nullable(),
  address: z.string().nullable(),
  requestId: z.string(),
  refusal: z.string().nullable(), // the code of the refusal; null: it was done
  isSealed: z.boolean(),
  isProtected: z.boolean(), // about a patient of a privacy class that the reader may not see: it is not said who
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const auditResults = ['done', 'refused'] as const

const filters = {
  actorId: z.uuid().optional(),
  patientId: z.uuid().optional(),
  action: z.string().trim().max(100).optional(), // a module, or one route of it: `patients`, `patients.file`
  result: z.enum(auditResults).optional(),
  address: z.string().trim().max(100).optional(),
  from: localDate.optional(),
  to: localDate.optional(), // inclusive
}

export type AuditFilters = z.infer<z.ZodObject<typeof filters>>

/** Network logs are kept for six months at least (Cybersecurity Law, art. 21). */
export const leastRetentionMonths = 6
const months = z.int().min(leastRetentionMonths).max(600).nullable()
const Settings = z.object({
  retentionMonths: months, // null: everything stays in the database
  /** After which what was archived may be deleted for good; null: never. Nothing is deleted that was not archived before. */
  deletionMonths: months.default(null),
})

export const auditApi = contract('access', {
  audit: get('/audit', { may: 'access.audit', about: 'patientId', input: z.object({ ...filters, ...cursor }), reply: page(AuditEntry) }),
  auditEntry: get('/audit/:id', {
    may: 'access.audit',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: AuditEntry.extend({
      detail: z.unknown(), // what else was noted: `before` and `after` where values were changed
      block: z.int().nullable(),
      together: z.array(AuditEntry), // what the same request did besides
    }),
  }),
  /** Who may be meant by a part of a name. */
  auditActors: get('/audit-actors', {
    may: 'access.audit',
    input: z.object({ search: z.string().trim().max(50).default('') }),
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), name: z.string(), displayName: z.string(), isDisabled: z.boolean() })) }),
  }),
  exportAudit: post('/audit/export', {
    may: 'access.exportAudit',
    input: z.object({ ...filters, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
  auditSettings: get('/audit-settings', { may: 'access.audit', reply: Settings }),
  saveAuditSettings: put('/audit-settings', { may: 'access.audit', input: Settings, reply: Settings }),
})
