import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the other side behaves, besides taking everything as a FHIR server does. */
export type Manner =
  | 'well'
  | 'loseAnswer' // takes it, and the line breaks before the answer is there
  | 'halfAnswer' // takes it, and stops in the middle of the answer
  | 'page' // a proxy answers 200 with a page of its own, and takes nothing
  | 'rubbish' // claims JSON and sends none
  | 'silent' // never answers
  | 'quicker' // somebody else changed the patient meanwhile
  | { status: number; text?: string; retryAfter?: string }

type Body = { resourceType: string; id?: string; identifier?: unknown; [field: string]: unknown }
export type Heard = { method: string; path: string; authorization: string | undefined; identifier: string }

/** A FHIR server that keeps resources, knows a repetition by its identifier, and can be told to behave badly. */
export async function fhirPeer(secret?: string) {
  const heard: Heard[] = []
  const kept = new Map<string, Body>() // by type and identifier
  const patients: (Body & { id: string; meta: { versionId: string } })[] = []
  let manner: Manner = 'well'

  const reply = (response: ServerResponse, status: number, body?: unknown) => {
    response.writeHead(status, { 'content-type': 'application/fhir+json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }
  const outcome = (text: string) => ({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'processing', diagnostics: text }],
  })

  function take(request: IncomingMessage, response: ServerResponse, path: string, identifier: string, body: Body | undefined) {
    if (path === 'metadata')
      return reply(response, 200, { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', software: { name: '平台' } })
    if (secret !== undefined && request.headers.authorization !== secret) return reply(response, 401, outcome('who are you'))
    if (request.method === 'GET') {
      const found = patients.filter((p) => JSON.stringify(p.identifier).includes(`"${identifier.split('|').at(-1)}"`))
      return reply(response, 200, { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) })
    }
    const [type = '', id] = path.split('/')
    if (type === 'Patient' && body) {
      const at = patients.findIndex((p) => p.id === id)
      const version = patients[at]?.meta.versionId ?? '0'
      if (manner === 'quicker' || request.headers['if-match'] !== `W/"${version}"`)
        return reply(response, 412, outcome('changed meanwhile'))
      patients[at] = { ...body, id: id ?? '', meta: { versionId: String(Number(version) + 1) } }
      return reply(response, 200, patients[at])
    }
    const known = kept.has(`${type} ${identifier}`)
    if (body && (!known || request.method === 'PUT')) kept.set(`${type} ${identifier}`, body)
    return reply(response, known ? 200 : 201, body)
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://peer')
      const path = url.pathname.replace('/base/', '')
      const asked = new URLSearchParams(String(request.headers['if-none-exist'] ?? url.search))
      const identifier = asked.get('identifier') ?? ''
      const text = Buffer.concat(parts).toString()
      const body: Body | undefined = text ? JSON.parse(text) : undefined
      heard.push({ method: request.method ?? '', path, authorization: request.headers.authorization, identifier })
      if (manner === 'silent') return
      if (manner === 'page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>请先登录</h1>')
      if (manner === 'rubbish') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{{')
      if (typeof manner === 'object') {
        response.writeHead(manner.status, {
          'content-type': 'application/fhir+json',
          ...(manner.retryAfter && { 'retry-after': manner.retryAfter }),
        })
        return void response.end(JSON.stringify(outcome(manner.text ?? '')))
      }
      if (manner === 'loseAnswer' || manner === 'halfAnswer') {
        if (body) kept.set(`${path} ${identifier}`, body)
        if (manner === 'loseAnswer') return void request.socket.destroy()
        response.writeHead(201, { 'content-type': 'application/fhir+json', 'content-length': '500' })
        response.write('{"resourceType":')
        return void setImmediate(() => request.socket.destroy())
      }
      take(request, response, path, identifier, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP listener has a port, never a path
  return {
    baseUrl: `http://127.0.0.1:${port}/base`,
    heard,
    kept,
    patients,
    behave: (next: Manner) => {
      manner = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
