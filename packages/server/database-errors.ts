/** The database cannot be reached, does not answer, or ends: nothing was kept, and the same may go well in a moment. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT', // the file of its socket is gone
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '53300', // too many connections
  '55P03', // a lock was not to be had
  '57014', // it took too long
  '57P01', // it is shut down
  '57P02',
  '57P03',
  '25006', // it has become a standby
])
/** There is no room on its disk, or no memory. */
const FULL = new Set(['53100', '53200', 'ENOSPC'])
/** What the driver says in words alone. */
const SAID =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed)/

const codesOf = (error: Error): string[] => [
  ...('code' in error && typeof error.code === 'string' ? [error.code] : []),
  ...(error instanceof AggregateError ? error.errors.flatMap((e) => (e instanceof Error ? codesOf(e) : [])) : []), // a host with several addresses
]

/** Whether a failure is the database's own, and what may be said of it; undefined for every other. */
export function databaseTrouble(error: unknown): 'away' | 'full' | undefined {
  if (!(error instanceof Error)) return undefined
  const codes = codesOf(error)
  if (codes.some((code) => FULL.has(code))) return 'full'
  if (codes.some((code) => AWAY.has(code) || code.startsWith('08')) || SAID.test(error.message)) return 'away'
  return error.cause instanceof Error ? databaseTrouble(error.cause) : undefined
}
