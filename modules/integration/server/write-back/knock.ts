import { connect } from 'node:net'
import type { Knock } from '../../write-back-contract.ts'

const LONGEST_MS = 3000
const STAYS_MS = 300 // one that does not know us takes the connection and closes it

type Place = { host: string; port: number }

/** Opens a connection and closes it again, to see whether somebody is there. Nothing is sent, so it may stand in a transaction, which it holds for three seconds at most. */
export function knock({ host, port }: Place, { longestMs = LONGEST_MS, staysMs = STAYS_MS } = {}): Promise<Knock> {
  const began = performance.now()
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    let milliseconds: number | undefined
    const timers: NodeJS.Timeout[] = []
    const end = (outcome: Knock['outcome']) => {
      for (const timer of timers) clearTimeout(timer)
      socket.destroy()
      resolve({ outcome, milliseconds: milliseconds ?? Math.round(performance.now() - began) })
    }
    timers.push(setTimeout(() => end(milliseconds === undefined ? 'timeout' : 'connected'), longestMs))
    socket.once('connect', () => {
      milliseconds = Math.round(performance.now() - began)
      timers.push(setTimeout(() => end('connected'), staysMs))
    })
    socket.once('error', (error: NodeJS.ErrnoException) => end(milliseconds === undefined ? failureOf(error) : 'dropped'))
    socket.once('end', () => end('dropped'))
  })
}

function failureOf({ code }: NodeJS.ErrnoException): Knock['outcome'] {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused'
  if (code === 'ETIMEDOUT') return 'timeout'
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'unknownHost' : 'unreachable'
}
