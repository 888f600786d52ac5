import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Refusal } from '@renxin/kernel'
import { importErrors } from '../../../imports-contract.ts'
import type { Asked, Told } from './reader.ts'
import { openSource, rowsOf, type Source, type SourceRow } from './source.ts'

/** How long a file may keep its reader busy, and how much memory it may take: the largest honest files need a fifth of either. */
export type Bounds = { seconds: number; megabytes: number }
const usual: Bounds = { seconds: 120, megabytes: 768 }

/** Readers at work at once; who comes then waits. */
const MOST_AT_ONCE = 2
/** A text so short is read where we are: there is nothing in it that could keep us. */
const SHORT_TEXT_BYTES = 128 * 1024
const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04])

/** To begin is none of the file's doing. */
const READY_WITHIN_MS = 60_000

let atWork = 0

const isHarmless = (bytes: Buffer) => bytes.length <= SHORT_TEXT_BYTES && !bytes.subarray(0, ZIP.length).equals(ZIP)

/** `openSource` in a process of its own, which goes on to read the first rows of the first sheet: the file is sent there, unpacked and begun once. */
export async function openApart(bytes: Buffer, most: number, bounds = usual): Promise<{ source: Source; rows: SourceRow[] }> {
  const found: { source?: Source; rows: SourceRow[] } = { rows: [] }
  if (isHarmless(bytes)) {
    found.source = await openSource(bytes)
    for await (const row of rowsOf(bytes, found.source, found.source.sheets[0] ?? '', most)) found.rows.push(row)
  } else
    for await (const told of tellings({ bytes, most }, bounds)) {
      if ('source' in told) found.source = told.source
      if ('rows' in told) found.rows.push(...told.rows)
    }
  if (!found.source) throw importErrors.fileBroken()
  return { source: found.source, rows: found.rows }
}

/**
 * `rowsOf` in a process of its own: whatever a file was made to do to its reader, the others of the house are served meanwhile, and a reader that takes too long
 * or too much is ended. A thread would not do: one that reaches its bound of memory at a bad moment takes the whole process along.
 */
export async function* rowsApart(
  bytes: Buffer,
  source: Source,
  sheet: string,
  most = Number.POSITIVE_INFINITY,
  bounds = usual,
): AsyncGenerator<SourceRow> {
  if (isHarmless(bytes)) yield* rowsOf(bytes, source, sheet, most)
  else for await (const told of tellings({ bytes, most, known: { source, sheet } }, bounds)) if ('rows' in told) yield* told.rows
}

/** What a reader tells, piece by piece, each asked for; its time runs only while we wait for it. */
async function* tellings(asked: Asked, { seconds, megabytes }: Bounds): AsyncGenerator<Told> {
  while (atWork >= MOST_AT_ONCE) await pause(20)
  const reader = fork(fileURLToPath(new URL('./reader.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${megabytes}`],
    env: {}, // it reads what a stranger made, and is told nothing else
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const end: { error?: Error } = {}
  reader.on('error', (error) => {
    end.error = error
  })
  let left = seconds * 1000
  atWork += 1 // from here on it is ended whatever comes: a reader that cannot even be begun takes nobody's place
  try {
    await nextOf(reader, end, READY_WITHIN_MS)
    reader.send(asked)
    for (;;) {
      const began = performance.now()
      const told = await nextOf(reader, end, left)
      left -= performance.now() - began
      if ('refused' in told) throw new Refusal(told.refused.code, told.refused.kind, told.refused.details)
      if ('fault' in told) throw new Error(told.fault)
      if ('isOver' in told) return
      yield told
      if (reader.connected) reader.send('more')
    }
  } finally {
    atWork -= 1
    reader.kill('SIGKILL')
  }
}

function nextOf(reader: ChildProcess, end: { error?: Error }, withinMs: number): Promise<Told> {
  return new Promise((resolve, reject) => {
    const hear = (told: unknown) => settle(() => resolve(told as Told)) // from our own `reader.ts`
    const leave = () => settle(() => reject(end.error ?? importErrors.fileTooHard()))
    const timer = setTimeout(leave, Math.max(0, withinMs))
    const settle = (say: () => void) => {
      clearTimeout(timer)
      reader.off('message', hear).off('exit', leave).off('error', leave)
      say()
    }
    if (end.error || reader.exitCode !== null || reader.signalCode !== null) leave()
    else reader.once('message', hear).once('exit', leave).once('error', leave)
  })
}
