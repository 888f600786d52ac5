import { connect } from 'node:net'
import { isClosedAddress, isClosedHost, openLookup } from '@renxin/server'
import { z } from 'zod'
import type { Knock } from '../../write-back-contract.ts'
import { type FhirPlace, NoAnswer, send } from './carry-fhir.ts'

const LONGEST_MS = 3000
const STAYS_MS = 300 // one that does not know us takes the connection and closes it

type Place = { host: string; port: number }

/** Opens a connection and closes it again, to see whether somebody is there. Nothing is sent, so it may stand in a transaction, which it holds for three seconds at most. */
export function knock({ host, port }: Place, { longestMs = LONGEST_MS, staysMs = STAYS_MS } = {}): Promise<Knock> {
  if (isClosedHost(host)) return Promise.resolve({ outcome: 'closedAddress', milliseconds: 0, says: null })
  const began = performance.now()
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup: openLookup })
    let milliseconds: number | undefined
    const timers: NodeJS.Timeout[] = []
    const end = (outcome: Knock['outcome']) => {
      for (const timer of timers) clearTimeout(timer)
      socket.destroy()
      resolve({ outcome, milliseconds: milliseconds ?? Math.round(performance.now() - began), says: null })
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

function failureOf(error: NodeJS.ErrnoException): Knock['outcome'] {
  const { code } = error
  if (isClosedAddress(error)) return 'closedAddress'
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused'
  if (code === 'ETIMEDOUT') return 'timeout'
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'unknownHost' : 'unreachable'
}

const Capabilities = z.object({
  resourceType: z.literal('CapabilityStatement'),
  fhirVersion: z.string().max(20),
  software: z.object({ name: z.string().max(100) }).optional(),
})

/** Asks a FHIR server what it can do, with our credentials; some answer that to anybody, so one search that shows nothing is asked as well. */
export async function knockFhir(place: FhirPlace, longestMs = LONGEST_MS): Promise<Knock> {
  const began = performance.now()
  const tell = (outcome: Knock['outcome'], says: string | null = null): Knock => ({
    outcome,
    milliseconds: Math.round(performance.now() - began),
    says,
  })
  try {
    const metadata = await send(place, { method: 'GET', path: 'metadata' }, longestMs)
    const asked = await send(place, { method: 'GET', path: 'Patient?_summary=count' }, longestMs)
    if ([metadata.status, asked.status].some((s) => s === 401 || s === 403)) return tell('unauthorized')
    const said = metadata.isJson ? Capabilities.safeParse(JSON.parse(metadata.text)) : undefined
    if (!said?.success) return tell('notFhir', String(metadata.status))
    return tell('fhir', [said.data.software?.name, `FHIR ${said.data.fhirVersion}`].filter(Boolean).join(' · '))
  } catch (error) {
    if (error instanceof SyntaxError) return tell('notFhir')
    if (!(error instanceof NoAnswer)) throw error
    return tell(error.failure === 'disconnected' ? 'dropped' : error.failure)
  }
}
