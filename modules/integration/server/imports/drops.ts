import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join, resolve, sep } from 'node:path'
import { newId, Refusal } from '@renxin/kernel'
import { type Context, type House, inHospital, savepoint } from '@renxin/server'
import { importErrors } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { csvOf, failedRows, failedTable } from './failed.ts'
import { missingOf } from './layout.ts'
import { fileTooLarge, MAX_FILE_BYTES } from './read/refusals.ts'
import { findImport } from './store.ts'
import { db } from './tables.ts'
import { takeFile } from './upload.ts'

type Folder = { id: string; path: string; pattern: string; kind: 'patients' | 'encounters' | 'staff' | 'places'; settleSeconds: number }
type Seen = { size: number; changedMs: number; since: number }

/**
 * Looks into the watched folders of a hospital. A file is taken once it has not grown for the folder's while, or its `.done` lies beside it; it stays where
 * it is until the import is over, and then lies in `done` or `failed` with the result beside it. What was taken is known by its content.
 */
export class DropWatch {
  readonly #house: House
  readonly #place: string
  readonly #seen = new Map<string, Seen>()

  constructor(house: House, place: string) {
    this.#house = house
    this.#place = resolve(place)
  }

  async look(hospitalId: number): Promise<void> {
    const folders = await inHospital(this.#house, hospitalId, (ctx) => this.#foldersOf(ctx))
    for (const folder of folders) {
      const problem = await this.#lookInto(hospitalId, folder).catch((error) => codeOf(error))
      await inHospital(this.#house, hospitalId, async (ctx) => {
        await db(ctx)
          .updateTable('integration.dropFolders')
          .set({ lastLookAt: ctx.clock.now(), problem: problem ?? null })
          .where('id', '=', folder.id)
          .execute()
      })
    }
  }

  async #foldersOf(ctx: Context): Promise<Folder[]> {
    const values = { place: this.#placeOf(ctx.hospital.id), lookedAt: ctx.clock.now() }
    await db(ctx)
      .insertInto('integration.dropPlaces')
      .values(values)
      .onConflict((c) => c.constraint('drop_places_pkey').doUpdateSet(values))
      .execute()
    return db(ctx)
      .selectFrom('integration.dropFolders')
      .where('isActive', '=', true)
      .select(['id', 'path', 'pattern', 'kind', 'settleSeconds'])
      .orderBy('id')
      .execute()
  }

  #placeOf(hospitalId: number): string {
    return join(this.#place, String(hospitalId))
  }

  async #lookInto(hospitalId: number, folder: Folder): Promise<string | undefined> {
    const place = this.#placeOf(hospitalId)
    const path = resolve(place, folder.path)
    if (!path.startsWith(place + sep)) return 'pathNotAllowed'
    await mkdir(path, { recursive: true, mode: 0o770 })
    await this.#file(hospitalId, folder, path)
    const names = await readdir(path)
    for (const name of names.filter((n) => matches(n, folder.pattern)).sort()) {
      if (await this.#isSettled(join(path, name), names.includes(`${name}.done`), folder)) await this.#take(hospitalId, folder, path, name)
    }
    return undefined
  }

  /** A link is no file of ours: it could lead anywhere. */
  async #isSettled(file: string, isDone: boolean, { settleSeconds }: Folder): Promise<boolean> {
    const found = await lstat(file).catch(() => undefined)
    if (!found?.isFile()) return false
    const now = this.#house.now().getTime()
    const before = this.#seen.get(file)
    const isSame = before?.size === found.size && before.changedMs === found.mtimeMs
    if (!isSame) this.#seen.set(file, { size: found.size, changedMs: found.mtimeMs, since: now })
    return isDone || (isSame && found.size > 0 && now - before.since >= settleSeconds * 1000)
  }

  async #take(hospitalId: number, folder: Folder, path: string, name: string): Promise<void> {
    const file = join(path, name)
    const { size } = await lstat(file)
    const isLarge = size > MAX_FILE_BYTES
    const body = isLarge ? Buffer.alloc(0) : await readFile(file)
    const sha256 = isLarge ? `size ${size}` : createHash('sha256').update(body).digest('hex')
    await inHospital(this.#house, hospitalId, async (ctx) => {
      const known = await db(ctx)
        .selectFrom('integration.dropRuns')
        .where('folderId', '=', folder.id)
        .where('sha256', '=', sha256)
        .where('result', 'in', ['taken', 'done'])
        .select(['fileName', 'isFiled'])
        .executeTakeFirst()
      if (known && known.fileName === name && !known.isFiled) return // at work
      const run = { id: newId(ctx.clock.now().getTime()), folderId: folder.id, fileName: name, sha256, seenAt: ctx.clock.now() }
      const add = (more: { result: 'taken' | 'repeated' | 'refused'; reason?: string; importId?: string }) =>
        db(ctx)
          .insertInto('integration.dropRuns')
          .values({ ...run, reason: null, importId: null, ...more })
          .execute()
      if (known) await add({ result: 'repeated', reason: known.fileName })
      else {
        const taken = await this.#import(ctx, folder, name, body, size)
        if ('importId' in taken) await add({ result: 'taken', importId: taken.importId })
        else await add({ result: 'refused', reason: taken.reason })
      }
      ctx.touched.add('integration')
    })
  }

  async #import(
    ctx: Context,
    folder: Folder,
    name: string,
    body: Buffer,
    size: number,
  ): Promise<{ importId: string } | { reason: string }> {
    const id = newId(ctx.clock.now().getTime())
    try {
      return await savepoint(ctx, async (ctx) => {
        if (size > MAX_FILE_BYTES) throw fileTooLarge(size)
        await takeFile(ctx, { id, kind: folder.kind, name, body, folderId: folder.id })
        const { kind, mapping } = await findImport(ctx, id)
        const missing = missingOf(kind, mapping)
        if (missing.length > 0) throw importErrors.columnsMissing({ fields: missing })
        await db(ctx).updateTable('integration.imports').set({ status: 'checking' }).where('id', '=', id).execute()
        return { importId: id }
      })
    } catch (error) {
      if (error instanceof Refusal) return { reason: error.code.replace(/^\w+\./, '') }
      throw error
    }
  }

  /** Puts files away whose import is over, and those that were refused or are here again. */
  async #file(hospitalId: number, folder: Folder, path: string): Promise<void> {
    const runs = await inHospital(this.#house, hospitalId, (ctx) => unfiled(ctx, folder.id))
    for (const run of runs) {
      await fileAway(path, run)
      this.#seen.delete(join(path, run.fileName))
      await inHospital(this.#house, hospitalId, async (ctx) => {
        await db(ctx).updateTable('integration.dropRuns').set({ isFiled: true }).where('id', '=', run.id).execute()
      })
    }
  }
}

type Filing = { id: string; fileName: string; sha256: string; isGood: boolean; summary: string; failed: string | null }

async function unfiled(ctx: Context, folderId: string): Promise<Filing[]> {
  const runs = await db(ctx)
    .selectFrom('integration.dropRuns as r')
    .leftJoin('integration.imports as i', 'i.id', 'r.importId')
    .where('r.folderId', '=', folderId)
    .where('r.isFiled', '=', false)
    .select([
      'r.id',
      'r.fileName',
      'r.sha256',
      'r.result',
      'r.reason',
      'r.importId',
      'i.status',
      'i.heads',
      'i.rowCount',
      'i.reason as failure',
    ])
    .select(['i.newRows', 'i.changedRows', 'i.unchangedRows', 'i.skippedRows', 'i.failedRows'])
    .orderBy('r.id')
    .limit(100)
    .execute()
  const filings: Filing[] = []
  for (const r of runs) {
    const base = { id: r.id, fileName: r.fileName, sha256: r.sha256, failed: null }
    if (r.result === 'repeated') filings.push({ ...base, isGood: true, summary: words.imports.dropRepeated({ name: r.reason ?? '' }) })
    else if (r.result === 'refused') filings.push({ ...base, isGood: false, summary: refusalText(r.reason) })
    else if (r.status === 'failed') filings.push({ ...base, isGood: false, summary: refusalText(r.failure) })
    else if (r.status === 'done' && r.importId) {
      const { newRows = 0, changedRows = 0, unchangedRows = 0, skippedRows = 0, failedRows: out = 0, rowCount = 0 } = r
      const isGood = (newRows ?? 0) + (changedRows ?? 0) + (unchangedRows ?? 0) > 0 || out === 0
      const summary = words.imports.dropResult({
        rows: rowCount ?? 0,
        new: newRows ?? 0,
        changed: changedRows ?? 0,
        unchanged: unchangedRows ?? 0,
        skipped: skippedRows ?? 0,
        failed: out ?? 0,
      })
      const failed = out ? csvOf(failedTable(r.heads ?? [], await failedRows(ctx, r.importId))) : null
      filings.push({ ...base, isGood, summary, failed })
    }
  }
  return filings
}

const refusalText = (code: string | null): string =>
  words.of(new Refusal(`integration.${code ?? 'unexpected'}`, 'invalid', { fields: '', megabytes: '', limit: '', row: '' })) ?? code ?? ''

/** Moves a file and writes its result beside it. A file whose content has changed meanwhile is another, and stays to be taken. */
async function fileAway(path: string, { fileName, sha256, isGood, summary, failed }: Filing): Promise<void> {
  const file = join(path, fileName)
  const to = join(path, isGood ? 'done' : 'failed')
  await mkdir(to, { recursive: true, mode: 0o770 })
  const target = await freeName(to, fileName)
  const isSame = !sha256.startsWith('size ') ? await hasHash(file, sha256) : true
  if (isSame) {
    await rename(file, target).catch((error) => {
      if (error.code !== 'ENOENT') throw error // somebody took it away
    })
    await rm(`${file}.done`, { force: true })
  }
  await writeFile(`${target}.result.txt`, `\uFEFF${summary}\r\n`, { mode: 0o660 })
  if (failed !== null) await writeFile(`${target}.failed.csv`, `\uFEFF${failed}`, { mode: 0o660 })
}

const hasHash = async (file: string, sha256: string): Promise<boolean> =>
  readFile(file).then(
    (body) => createHash('sha256').update(body).digest('hex') === sha256,
    () => false,
  )

async function freeName(folder: string, name: string): Promise<string> {
  const taken = new Set(await readdir(folder))
  const ending = extname(name)
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? name : `${basename(name, ending)}-${n}${ending}`
    if (!taken.has(tried) && !taken.has(`${tried}.result.txt`)) return join(folder, tried)
  }
}

/** `出院*.csv`: a star stands for any letters, a question mark for one. */
export function matches(name: string, pattern: string): boolean {
  if (name.startsWith('.') || /\.(?:done|tmp|part|filepart|crdownload)$/i.test(name) || name.startsWith('~$')) return false
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]')
  return new RegExp(`^${escaped}$`, 'i').test(name)
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unexpected')
