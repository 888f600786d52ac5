import { askWeb, isClosedAddress } from '@renxin/server'
import { type FhirRequest, withTelecom } from './fhir.ts'

const ANSWER_TIMEOUT_MS = 20_000
const LONGEST_ANSWER = 2_000_000
const LONGEST_TEXT = 300

export type FhirPlace = { baseUrl: string; auth: 'none' | 'bearer' | 'basic'; authUser: string; secret: string }

/** `passing`: nothing is wrong with this line, so the whole line waits. `refused`: this one will not go as it is. `error`: perhaps next time. */
export type Carried = { outcome: 'sent' | 'refused' | 'error' | 'passing'; says: string; retryAfterSeconds?: number }

type Answer = { status: number; text: string; isJson: boolean; retryAfterSeconds: number }
type Call = { method: 'GET' | 'POST' | 'PUT'; path: string; headers?: Record<string, string>; body?: unknown }

/** Why no whole answer came. Whether the request arrived is not known. */
export class NoAnswer extends Error {
  readonly failure: Failure
  constructor(failure: Failure, cause: unknown) {
    super(`fhir: ${failure}`, { cause })
    this.failure = failure
  }
}

/** Carries one request to a FHIR server. Nothing here throws: what went wrong is told in words that name no patient. */
export async function carryFhir(place: FhirPlace, request: FhirRequest, timeoutMs = ANSWER_TIMEOUT_MS): Promise<Carried> {
  const call = (c: Call) => send(place, c, timeoutMs)
  try {
    switch (request.do) {
      case 'create':
        return verdict(
          await call({
            method: 'POST',
            path: request.type,
            headers: { 'if-none-exist': search(request.identifier) },
            body: request.resource,
          }),
        )
      case 'update':
        return verdict(await call({ method: 'PUT', path: `${request.type}?${search(request.identifier)}`, body: request.resource }))
      case 'telecom':
        return await correct(call, request)
    }
  } catch (error) {
    if (error instanceof NoAnswer) return { outcome: 'passing', says: error.message }
    throw error
  }
}

const search = (identifier: string) => `identifier=${encodeURIComponent(identifier)}`

/** Reads the patient, changes the numbers and writes the version that was read; where somebody was quicker, all of it is done again later. */
async function correct(call: (c: Call) => Promise<Answer>, request: Extract<FhirRequest, { do: 'telecom' }>): Promise<Carried> {
  const found = await call({ method: 'GET', path: `Patient?${search(request.patient)}` })
  if (found.status !== 200 || !found.isJson) return verdict(found, 'read')
  const bundle = parsed(found.text)
  if (!isRecord(bundle) || bundle.resourceType !== 'Bundle') return RUBBISH
  const entries = Array.isArray(bundle.entry) ? bundle.entry : []
  const patients = entries.map((e) => (isRecord(e) ? e.resource : undefined)).filter((r) => isRecord(r) && r.resourceType === 'Patient')
  const [patient] = patients
  if (patients.length > 1) return { outcome: 'refused', says: 'fhir: severalPatients' }
  if (!isRecord(patient) || typeof patient.id !== 'string') return { outcome: 'refused', says: 'fhir: noPatient' }
  const version = isRecord(patient.meta) && typeof patient.meta.versionId === 'string' ? patient.meta.versionId : null
  const written = await call({
    method: 'PUT',
    path: `Patient/${encodeURIComponent(patient.id)}`,
    ...(version !== null && { headers: { 'if-match': `W/"${version}"` } }),
    body: withTelecom(patient, request),
  })
  if (written.status === 409 || written.status === 412) return { outcome: 'error', says: `${written.status}` }
  return verdict(written)
}

const RUBBISH: Carried = { outcome: 'passing', says: 'fhir: rubbish' }

/**
 * What an answer means. A proxy that answers 200 with a page of its own has taken nothing; that we may not come in, or that the server is busy or
 * broken, is nothing this line could help.
 */
function verdict({ status, text, isJson, retryAfterSeconds }: Answer, what: 'read' | 'write' = 'write'): Carried {
  const says = `${status}${isJson ? ` ${diagnosticsOf(text)}` : ''}`.trim()
  if (status >= 200 && status < 300) {
    const isTaken = what === 'write' && (text === '' || (isJson && isRecord(parsed(text))))
    return isTaken ? { outcome: 'sent', says: String(status) } : RUBBISH
  }
  if (status === 401 || status === 403 || status === 407) return { outcome: 'passing', says }
  if (status === 408 || status === 425 || status === 429 || status === 503) return { outcome: 'passing', says, retryAfterSeconds }
  if (status >= 300 && status < 400) return { outcome: 'passing', says }
  if (status === 404 || status === 405 || status === 409 || status >= 500) return { outcome: 'error', says }
  return { outcome: 'refused', says }
}

/** The first sentence of an OperationOutcome. */
function diagnosticsOf(text: string): string {
  const body = parsed(text)
  const issue: unknown = isRecord(body) && Array.isArray(body.issue) ? body.issue[0] : undefined
  if (!isRecord(issue)) return ''
  const details = isRecord(issue.details) ? issue.details.text : undefined
  const said = [details, issue.diagnostics, issue.code].find((t) => typeof t === 'string')
  return typeof said === 'string' ? said.replaceAll(/\s+/g, ' ').slice(0, LONGEST_TEXT) : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** One request and its whole answer, within the time. Redirects are not followed: the secret is for this address. */
export async function send(place: FhirPlace, { method, path, headers, body }: Call, timeoutMs: number): Promise<Answer> {
  try {
    const reply = await askWeb(`${place.baseUrl}/${path}`, {
      method,
      longestMs: timeoutMs,
      longestText: LONGEST_ANSWER,
      headers: {
        accept: 'application/fhir+json',
        ...(body !== undefined && { 'content-type': 'application/fhir+json; charset=utf-8' }),
        ...authorization(place),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const after = Number(reply.headers['retry-after'] ?? 0)
    return {
      status: reply.status,
      text: reply.text,
      isJson: /json/i.test(reply.headers['content-type'] ?? ''),
      retryAfterSeconds: Number.isFinite(after) ? Math.min(Math.max(after, 0), 3600) : 0,
    }
  } catch (error) {
    throw new NoAnswer(failureOf(error), error)
  }
}

function authorization({ auth, authUser, secret }: FhirPlace): Record<string, string> {
  if (auth === 'bearer') return { authorization: `Bearer ${secret}` }
  if (auth === 'basic') return { authorization: `Basic ${Buffer.from(`${authUser}:${secret}`).toString('base64')}` }
  return {}
}

export type Failure = 'timeout' | 'unreachable' | 'unknownHost' | 'refused' | 'disconnected' | 'closedAddress'

/** By the system's error. */
function failureOf(error: unknown): Failure {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  if (isClosedAddress(error)) return 'closedAddress'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknownHost'
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout'
  if (/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/.test(code)) return 'unreachable'
  return 'disconnected'
}
