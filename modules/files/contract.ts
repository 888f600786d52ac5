import { contract, defineErrors, del, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'

export const FileType = z.enum(['pdf', 'png', 'jpg', 'docx', 'xlsx', 'txt'])
export type FileType = z.infer<typeof FileType>

export const MAX_FILE_BYTES = 20 * 1024 * 1024

/** What a file is attached to: `feedback.rectification` and its id. */
export const About = z.object({ kind: z.string().regex(/^[a-z]+\.[a-zA-Z]+$/), id: z.uuid() })
export type About = z.infer<typeof About>

const AttachedFile = z.object({
  id: z.uuid(),
  name: z.string(),
  type: FileType,
  sizeBytes: z.int(),
  sha256: z.string(),
  attachedAt: moment,
  attachedByName: z.string(),
  isOwn: z.boolean(),
  patientId: z.uuid().nullable(), // whose matter it is
})
export type AttachedFile = z.infer<typeof AttachedFile>

export const filesApi = contract('files', {
  list: get('/about/:kind/:id', { may: 'files.read', about: 'patientId', input: About, reply: z.object({ rows: z.array(AttachedFile) }) }),
  attach: post('/about/:aboutKind/:aboutId', {
    may: 'files.attach',
    about: 'patientId',
    bodyLimit: Math.ceil((MAX_FILE_BYTES * 4) / 3) + 4096, // base64 is a third longer
    input: z.object({
      id: z.uuid(),
      aboutKind: About.shape.kind,
      aboutId: z.uuid(),
      name: z.string().trim().min(1).max(200),
      base64: z.string().min(1),
    }),
    reply: AttachedFile,
  }),
  download: get('/files/:id', {
    may: 'files.read',
    input: z.object({ id: z.uuid() }),
    file: 'application/octet-stream',
    reply: z.unknown(),
  }),
  remove: del('/files/:id', { may: 'files.attach', about: 'patientId', input: z.object({ id: z.uuid() }), reply: AttachedFile }),
})

export const fileErrors = defineErrors('files', {
  notFound: 'not_found',
  tooLarge: 'invalid', // with `megabytes` and `limit`
  unknownType: 'invalid',
  notYours: 'forbidden',
})
