import { contract, defineErrors, del, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'

const webAddress = z
  .string()
  .trim()
  .max(500)
  .regex(/^https?:\/\/[^\s{}]+$/i)

/** What stands in a viewer's address in braces is filled in when a link is made; the host is fixed. */
const viewerTemplate = z
  .string()
  .trim()
  .max(1000)
  .regex(/^https?:\/\/[^\s{}/?#]+[/?#][^\s]*$/i)
  .refine((text) => [...text.matchAll(/\{([^{}]*)\}/g)].every(([, name]) => name !== undefined && placeholders.has(name)))
  .refine((text) => text.includes('{studyUid}') || text.includes('{accessionNumber}'))
const placeholders = new Set(['accessionNumber', 'studyUid', 'token'])

const ArchiveAuth = z.enum(['none', 'basic', 'bearer'])

export const ImageArchive = z.object({
  id: z.uuid(),
  name: z.string(),
  qidoUrl: z.string(),
  viewerUrl: z.string(),
  auth: ArchiveAuth,
  authUser: z.string(),
  hasAuthSecret: z.boolean(),
  hasTokenSecret: z.boolean(),
  tokenSeconds: z.int(),
  isActive: z.boolean(),
})
export type ImageArchive = z.infer<typeof ImageArchive>

const place = {
  qidoUrl: webAddress, // up to where `/studies` follows
  auth: ArchiveAuth,
  authUser: z.string().trim().max(100).default(''),
  authSecret: z.string().min(1).max(1000).optional(), // left out: it stays as it is
}

export const ArchiveAnswer = z.object({
  outcome: z.enum(['answered', 'timeout', 'unreachable', 'closedAddress', 'unauthorized', 'notDicomweb']),
  milliseconds: z.int(),
  status: z.int().nullable(),
})
export type ArchiveAnswer = z.infer<typeof ArchiveAnswer>

export const imagesApi = contract('encounters', {
  archives: get('/image-archives', { may: 'integration.manage', reply: z.object({ rows: z.array(ImageArchive) }) }),
  saveArchive: post('/image-archives', {
    may: 'integration.manage',
    input: z.object({
      id: z.uuid(),
      name: z.string().trim().min(1).max(100),
      ...place,
      viewerUrl: viewerTemplate,
      tokenSecret: z.string().min(16).max(1000).optional(), // shared with the viewer, which checks the token by it
      tokenSeconds: z.int().min(30).max(3600).default(300),
      isActive: z.boolean().default(true),
    }),
    reply: ImageArchive,
  }),
  removeArchive: del('/image-archives/:id', {
    may: 'integration.manage',
    input: z.object({ id: z.uuid() }),
    reply: z.object({ id: z.uuid() }),
  }),
  testArchive: post('/image-archives/test', {
    may: 'integration.manage',
    input: z.object({ id: z.uuid().optional(), ...place }),
    reply: ArchiveAnswer,
    isQuiet: true,
  }),
  viewImages: post('/reports/:id/images', {
    may: 'encounters.results',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: z.object({ id: z.uuid(), patientId: z.uuid(), url: z.string(), expiresAt: moment }),
    isQuiet: true,
  }),
})

export const imageErrors = defineErrors('encounters', {
  archiveNameTaken: 'conflict',
  archiveSecretNeeded: 'invalid',
  noArchive: 'unavailable',
  noImages: 'not_found', // the report names no study
  studyNotFound: 'not_found',
  archiveSilent: 'unavailable', // with `archive`, its name
})
