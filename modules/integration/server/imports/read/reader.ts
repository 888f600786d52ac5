import { once } from 'node:events'
import { Refusal } from '@renxin/kernel'
import { openSource, rowsOf, type Source, type SourceRow } from './source.ts'

/** What a reader is asked: what kind of file this is, with the first rows of its first sheet; or the rows of one whose kind is known. */
export type Asked = { bytes: Uint8Array; most: number; known?: { source: Source; sheet: string } }

export type Told =
  | { source: Source }
  | { rows: SourceRow[] }
  | { isReady: true }
  | { isOver: true }
  | { refused: Pick<Refusal, 'code' | 'kind' | 'details'> }
  | { fault: string }

const ROWS_AT_ONCE = 500

/** Tells one piece, and waits until more is asked for. */
async function tell(told: Told): Promise<void> {
  process.send?.(told)
  if (!('isOver' in told || 'isReady' in told)) await once(process, 'message')
}

async function read({ bytes, most, known }: Asked): Promise<void> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const source = known?.source ?? (await openSource(body))
  if (!known) await tell({ source })
  let some: SourceRow[] = []
  for await (const row of rowsOf(body, source, known?.sheet ?? source.sheets[0] ?? '', most)) {
    some.push(row)
    if (some.length < ROWS_AT_ONCE) continue
    await tell({ rows: some })
    some = []
  }
  if (some.length > 0) await tell({ rows: some })
  return tell({ isOver: true })
}

process.once('disconnect', () => process.exit())
const asked = once(process, 'message')
await tell({ isReady: true })
const [first]: Asked[] = await asked
if (!first) throw new Error('nothing was asked')
await read(first).catch((error: unknown) => {
  if (error instanceof Refusal) return tell({ refused: { code: error.code, kind: error.kind, details: { ...error.details } } })
  return tell({ fault: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' })
})
