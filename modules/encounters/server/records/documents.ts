import { readFile } from '@renxin/files'
import type { Input, Page } from '@renxin/kernel'
import { patientVisible } from '@renxin/patients'
import { audit, type Context, type FileReply, paged, sql } from '@renxin/server'
import { type DocumentCard, type DocumentFile, recordErrors, type recordsApi } from '../../records-contract.ts'
import { db } from '../tables.ts'
import { shownTo, withNames } from './list-records.ts'

type Api = typeof recordsApi

export async function listDocuments(ctx: Context, input: Input<Api['documents']>): Promise<Page<DocumentCard>> {
  const query = documents(ctx).where(await shownTo(ctx, input))
  const { rows, next } = await paged(query, input, ['r.happenedAt', 'r.id'], 'desc')
  return { rows: (await withNames(ctx, rows)).map(cardOf), next }
}

export async function getDocument(ctx: Context, { id }: Input<Api['document']>): Promise<DocumentFile> {
  const [document] = await withNames(ctx, [await findDocument(ctx, id)])
  if (!document) throw recordErrors.recordNotFound({ id })
  return { ...cardOf(document), text: document.text }
}

export async function downloadDocumentFile(ctx: Context, { id }: Input<Api['documentFile']>): Promise<FileReply> {
  const { fileId, patientId } = await findDocument(ctx, id)
  if (!fileId) throw recordErrors.noFile({ id })
  await audit(ctx, { action: 'encounters.documentFile', objectId: id, patientId })
  return readFile(ctx, fileId)
}

const documents = (ctx: Context) =>
  db(ctx)
    .selectFrom('encounters.documents as r')
    .selectAll('r')
    .select(
      sql<boolean>`exists (
        select from encounters.documents n where n.source = r.source and n.replaces = r.number and n.status <> 'cancelled')`.as(
        'isReplaced',
      ),
    )

async function findDocument(ctx: Context, id: string) {
  const row = await documents(ctx).where('r.id', '=', id).where(patientVisible(ctx, 'r.patientId')).executeTakeFirst()
  if (!row) throw recordErrors.recordNotFound({ id })
  return row
}

type NamedDocument = Awaited<ReturnType<typeof withNames<Awaited<ReturnType<typeof findDocument>>>>>[number]

const cardOf = (d: NamedDocument): DocumentCard => ({
  ...d,
  happenedAt: d.happenedAt.toISOString(),
  hasText: Boolean(d.text),
  hasFile: d.fileId !== null,
})
