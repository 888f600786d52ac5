import { type LoggerOptions, pino } from 'pino'
import type { Log } from './context.ts'
import { type LogFolder, logFiles } from './log-file.ts'

/**
 * An error as the log keeps it: what it is, where it happened, its codes. A database says the values of a row in `detail` and `where`, and what it could not read
 * between quotation marks; a query keeps its parameters: none of it is taken along.
 */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const quotes = error instanceof SyntaxError || error instanceof RangeError || ('code' in error && String(error.code).startsWith('22')) // 22: what was not understood of a value
  const said = quotes ? error.message.replaceAll(/".*"|'.*'/gs, '…') : error.message
  const stack = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
  const known = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'syscall', 'errno', 'port'] as const
  const fields = known.flatMap((key) => (key in error ? [[key, Reflect.get(error, key)]] : []))
  return {
    type: error.name,
    message: said,
    stack,
    ...Object.fromEntries(fields),
    ...(error.cause ? { cause: errorFields(error.cause) } : {}),
  }
}

export const logOptions = (level: string): LoggerOptions => ({
  level,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  serializers: { err: errorFields },
})

/** Structured lines, on standard output or in the files of a folder; names, phones and free text stay out of them. */
export function makeLog(level = 'info', files?: LogFolder): Log {
  if (!files) return pino(logOptions(level))
  const otherwise = (line: string) => void process.stderr.write(line)
  return pino(
    logOptions(level),
    logFiles(files, () => new Date(), otherwise),
  )
}

export const silentLog: Log = { info() {}, warn() {}, error() {}, debug() {} }
