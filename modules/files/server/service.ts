import { createHash } from 'node:crypto'
import { type Input, Refusal } from '@renxin/kernel'
import { audit, type Context, type FileReply } from '@renxin/server'
import { type About, type AttachedFile, fileErrors, type filesApi, MAX_FILE_BYTES } from '../contract.ts'
import { askGuard } from './guards.ts'
import { mediaTypes, safeName, sniff } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof filesApi
type ShownFile = Omit<AttachedFile, 'attachedAt'> & { attachedAt: Date }
type NewFile = { id: string; name: string; body: Buffer; about: About }

/** Attaches a file to something the actor may change; refuses what is too large or of no kind that we take. */
export async function attachFile(ctx: Context, { id, name, body, about }: NewFile): Promise<ShownFile> {
  const { patientId } = await askGuard(ctx, about, 'change')
  if (body.length > MAX_FILE_BYTES) throw fileErrors.tooLarge({ megabytes: toMegabytes(body.length), limit: toMegabytes(MAX_FILE_BYTES) })
  const type = sniff(body)
  if (!type) throw fileErrors.unknownType()
  const made = await db(ctx)
    .insertInto('files.files')
    .values({
      id,
      aboutKind: about.kind,
      aboutId: about.id,
      patientId,
      name: safeName(name, type),
      type,
      sizeBytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      attachedAt: ctx.clock.now(),
      attachedBy: ctx.actor.id,
      attachedByName: ctx.actor.name,
      removedAt: null,
    })
    .onConflict((c) => c.constraint('files_pkey').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) await db(ctx).insertInto('files.contents').values({ fileId: id, body }).execute()
  return getFile(ctx, id)
}

/** Why these bytes are not taken; undefined where they are. */
export function problemOfFile(body: Buffer): 'tooLarge' | 'unknownType' | undefined {
  if (body.length > MAX_FILE_BYTES) return 'tooLarge'
  return sniff(body) ? undefined : 'unknownType'
}

/** Keeps files that another system sent, many at a time; one that was hidden is shown again. Whoever calls has asked `problemOfFile`. */
export async function keepFiles(ctx: Context, sent: readonly (NewFile & { patientId: string | null })[]): Promise<void> {
  const known = sent.flatMap((f) => {
    const type = sniff(f.body)
    return type ? [{ ...f, type }] : []
  })
  if (known.length === 0) return
  await db(ctx)
    .insertInto('files.files')
    .values(
      known.map(({ id, name, body, about, patientId, type }) => ({
        id,
        aboutKind: about.kind,
        aboutId: about.id,
        patientId,
        name: safeName(name, type),
        type,
        sizeBytes: body.length,
        sha256: createHash('sha256').update(body).digest('hex'),
        attachedAt: ctx.clock.now(),
        attachedBy: ctx.actor.id,
        attachedByName: ctx.actor.name,
        removedAt: null,
      })),
    )
    .onConflict((c) => c.constraint('files_pkey').doUpdateSet({ removedAt: null }))
    .execute()
  await db(ctx)
    .insertInto('files.contents')
    .values(known.map(({ id, body }) => ({ fileId: id, body })))
    .onConflict((c) => c.constraint('contents_pkey').doNothing())
    .execute()
}

/** Hides files that another system has replaced or withdrawn. */
export async function hideFiles(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db(ctx)
    .updateTable('files.files')
    .set({ removedAt: ctx.clock.now() })
    .where('id', 'in', [...ids])
    .execute()
}

/** The bytes of a file, for a module that has asked by itself whether the actor may see what they belong to, and that audits the reading. */
export async function readFile(ctx: Context, id: string): Promise<FileReply> {
  const file = await files(ctx)
    .innerJoin('files.contents as c', 'c.fileId', 'files.files.id')
    .where('files.files.id', '=', id)
    .select('c.body')
    .executeTakeFirst()
  if (!file) throw fileErrors.notFound({ id })
  return { name: file.name, type: mediaTypes[file.type], body: file.body }
}

export async function listFiles(ctx: Context, about: About): Promise<{ rows: ShownFile[] }> {
  await askGuard(ctx, about, 'read')
  const rows = await files(ctx)
    .where('aboutKind', '=', about.kind)
    .where('aboutId', '=', about.id)
    .orderBy('attachedAt')
    .orderBy('id')
    .limit(200)
    .execute()
  return { rows: rows.map((f) => shown(ctx, f)) }
}

export async function getFile(ctx: Context, id: string): Promise<ShownFile> {
  return shown(ctx, await readableFile(ctx, id, 'read'))
}

export async function downloadFile(ctx: Context, { id }: Input<Api['download']>): Promise<FileReply> {
  const file = await readableFile(ctx, id, 'read')
  const content = await db(ctx).selectFrom('files.contents').where('fileId', '=', id).select('body').executeTakeFirst()
  if (!content) throw fileErrors.notFound({ id })
  await audit(ctx, { action: 'files.download', objectId: id, patientId: file.patientId })
  return { name: file.name, type: mediaTypes[file.type], body: content.body }
}

/** Hides a file. Only who attached it may, and only while he may change what it is attached to. */
export async function removeFile(ctx: Context, { id }: Input<Api['remove']>): Promise<ShownFile> {
  const file = await readableFile(ctx, id, 'change')
  if (file.attachedBy !== ctx.actor.id) throw fileErrors.notYours()
  await db(ctx).updateTable('files.files').set({ removedAt: ctx.clock.now() }).where('id', '=', id).execute()
  return shown(ctx, file)
}

const toMegabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024)

const files = (ctx: Context) => db(ctx).selectFrom('files.files').where('removedAt', 'is', null).selectAll()

type FileRow = Awaited<ReturnType<ReturnType<typeof files>['executeTakeFirstOrThrow']>>

async function readableFile(ctx: Context, id: string, purpose: 'read' | 'change'): Promise<FileRow> {
  const file = await files(ctx).where('id', '=', id).executeTakeFirst()
  if (!file) throw fileErrors.notFound({ id })
  const about = { kind: file.aboutKind, id: file.aboutId }
  await askGuard(ctx, about, 'read').catch((error) => {
    if (error instanceof Refusal) throw fileErrors.notFound({ id }) // what it belongs to is not told
    throw error
  })
  if (purpose === 'change') await askGuard(ctx, about, 'change')
  return file
}

const shown = (ctx: Context, { attachedBy, ...file }: FileRow): ShownFile => ({ ...file, isOwn: attachedBy === ctx.actor.id })
