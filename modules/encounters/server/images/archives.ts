import type { Input } from '@renxin/kernel'
import { type Context, openText, refuseClosedUrl, sealText } from '@renxin/server'
import { type ArchiveAnswer, type ImageArchive, imageErrors, type imagesApi } from '../../images-contract.ts'
import { db } from '../tables.ts'
import { type Archive, knockArchive } from './qido.ts'

type Api = typeof imagesApi
export type ArchiveRow = Awaited<ReturnType<typeof listRows>>[number]

export const listRows = (ctx: Context) =>
  db(ctx).selectFrom('encounters.imageArchives').orderBy('name').orderBy('id').limit(100).selectAll().execute()

export async function listArchives(ctx: Context): Promise<{ rows: ImageArchive[] }> {
  return { rows: (await listRows(ctx)).map(shown) }
}

export async function saveArchive(ctx: Context, { authSecret, tokenSecret, ...said }: Input<Api['saveArchive']>): Promise<ImageArchive> {
  refuseClosedUrl(said.qidoUrl)
  const rows = await listRows(ctx)
  const before = rows.find((a) => a.id === said.id)
  if (rows.some((a) => a.name === said.name && a.id !== said.id)) throw imageErrors.archiveNameTaken({ archive: said.name })
  const secret = authSecretFor(ctx, said, authSecret, before)
  if (said.auth !== 'none' && !secret) throw imageErrors.archiveSecretNeeded()
  const token = tokenSecret === undefined ? (before?.tokenSecret ?? null) : sealText(ctx, tokenSecret)
  if (said.viewerUrl.includes('{token}') && !token) throw imageErrors.archiveSecretNeeded()
  const row = { ...said, authSecret: secret, tokenSecret: token }
  const { id: _, ...fields } = row
  await db(ctx)
    .insertInto('encounters.imageArchives')
    .values(row)
    .onConflict((c) => c.constraint('image_archives_pkey').doUpdateSet(fields))
    .execute()
  return shown(row)
}

export async function removeArchive(ctx: Context, { id }: Input<Api['removeArchive']>): Promise<{ id: string }> {
  await db(ctx).deleteFrom('encounters.imageArchives').where('id', '=', id).execute()
  return { id }
}

/** Asks an archive as it stands in a form. It may stand in a transaction, which it holds for some seconds at most. */
export async function testArchive(ctx: Context, { id, authSecret, ...place }: Input<Api['testArchive']>): Promise<ArchiveAnswer> {
  refuseClosedUrl(place.qidoUrl)
  const before = id === undefined ? undefined : (await listRows(ctx)).find((a) => a.id === id)
  const secret = authSecretFor(ctx, place, authSecret, before)
  if (place.auth !== 'none' && !secret) throw imageErrors.archiveSecretNeeded()
  return knockArchive({ ...place, secret: secret ? openText(ctx, secret) : '' })
}

/** What we know of an archive, as it is asked. */
export const opened = (ctx: Context, { qidoUrl, auth, authUser, authSecret }: ArchiveRow): Archive => ({
  qidoUrl,
  auth,
  authUser,
  secret: authSecret ? openText(ctx, authSecret) : '',
})

type Place = Pick<Archive, 'qidoUrl' | 'auth' | 'authUser'>

/** A secret that was given for one place is not sent to another. */
function authSecretFor(ctx: Context, now: Place, said: string | undefined, before: ArchiveRow | undefined): Buffer | null {
  if (now.auth === 'none') return null
  if (said !== undefined) return sealText(ctx, said)
  const isSame = before?.qidoUrl === now.qidoUrl && before.auth === now.auth && before.authUser === now.authUser
  return isSame ? before.authSecret : null
}

const shown = ({ authSecret, tokenSecret, ...archive }: ArchiveRow): ImageArchive => ({
  ...archive,
  hasAuthSecret: authSecret !== null,
  hasTokenSecret: tokenSecret !== null,
})
