import type { Input, Page } from '@renxin/kernel'
import { type Context, paged } from '@renxin/server'
import { type DropFolder, type DropRun, importErrors, type importsApi } from '../../imports-contract.ts'
import { db } from './tables.ts'

type Api = typeof importsApi
type Folder = Omit<DropFolder, 'lastLookAt'> & { lastLookAt: Date | null }

export async function listFolders(ctx: Context): Promise<{ rows: Folder[]; place: string | null }> {
  const rows = await folders(ctx).orderBy('path').orderBy('pattern').limit(200).execute()
  const place = await db(ctx).selectFrom('integration.dropPlaces').select('place').executeTakeFirst()
  return { rows, place: place?.place ?? null }
}

const folders = (ctx: Context) =>
  db(ctx)
    .selectFrom('integration.dropFolders')
    .select(['id', 'path', 'pattern', 'kind', 'isActive', 'settleSeconds', 'lastLookAt', 'problem'])

export async function saveFolder(ctx: Context, folder: Input<Api['saveDropFolder']>): Promise<Folder> {
  const path = folder.path.replace(/\/+/g, '/').replace(/^\/|\/$/g, '')
  if (path === '' || path.split('/').some((part) => part === '..' || part.startsWith('.'))) throw importErrors.pathNotAllowed()
  const { id, ...fields } = { ...folder, path }
  const taken = await folders(ctx).where('path', '=', path).where('pattern', '=', fields.pattern).where('id', '<>', id).executeTakeFirst()
  if (taken) throw importErrors.folderTaken()
  await db(ctx)
    .insertInto('integration.dropFolders')
    .values({ id, ...fields, lastLookAt: null, problem: null })
    .onConflict((c) => c.constraint('drop_folders_pkey').doUpdateSet({ ...fields, problem: null }))
    .execute()
  return folders(ctx).where('id', '=', id).executeTakeFirstOrThrow()
}

type Run = Omit<DropRun, 'seenAt'> & { seenAt: Date }

export async function listRuns(ctx: Context, { folderId, ...cursor }: Input<Api['dropRuns']>): Promise<Page<Run>> {
  let query = db(ctx)
    .selectFrom('integration.dropRuns as r')
    .leftJoin('integration.imports as i', 'i.id', 'r.importId')
    .select(['r.id', 'r.folderId', 'r.fileName', 'r.seenAt', 'r.result', 'r.reason', 'r.importId'])
    .select(['i.status', 'i.newRows', 'i.changedRows', 'i.unchangedRows', 'i.skippedRows', 'i.failedRows'])
  if (folderId) query = query.where('r.folderId', '=', folderId)
  const { rows, next } = await paged(query, cursor, ['r.id'], 'desc')
  return {
    rows: rows.map(({ status, newRows, changedRows, unchangedRows, skippedRows, failedRows, ...run }) => ({
      ...run,
      counts:
        status === 'done' || status === 'undone'
          ? {
              new: newRows ?? 0,
              changed: changedRows ?? 0,
              unchanged: unchangedRows ?? 0,
              skipped: skippedRows ?? 0,
              failed: failedRows ?? 0,
            }
          : null,
    })),
    next,
  }
}
