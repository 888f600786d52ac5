import { contract, get, post } from '@renxin/kernel'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { call, fetchShown, onSignedOut, requestOf } from './call.ts'
import { Problem } from './problem.ts'

const api = contract('feedback', {
  list: get('/units/:unit/complaints', {
    may: 'feedback.read',
    input: z.object({
      unit: z.string(),
      kinds: z.array(z.string()).default([]),
      search: z.string().optional(),
      important: z.boolean().optional(),
    }),
    reply: z.object({}),
  }),
  close: post('/complaints/:id/close', {
    may: 'feedback.close',
    input: z.object({ id: z.string(), resolution: z.string() }),
    reply: z.object({}),
  }),
  hello: get('/hello', { may: 'anyone', reply: z.object({}) }),
})

afterEach(() => {
  vi.unstubAllGlobals()
  onSignedOut(() => {})
})

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  vi.stubGlobal('fetch', async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }))

const problemOf = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error : undefined),
  )

test('the path takes its parameters from the input, the query the rest, a list as repeated keys', () => {
  const { url } = requestOf(api.list, { unit: '心内/一', kinds: ['praise', 'complaint'], search: undefined, important: false })

  expect(url).toBe('/api/feedback/units/%E5%BF%83%E5%86%85%2F%E4%B8%80/complaints?kinds=praise&kinds=complaint&important=false')
})

test('a write sends the rest as JSON, with the header that no other site can send', () => {
  const { url, init } = requestOf(api.close, { id: '7', resolution: '已致歉' })

  expect(url).toBe('/api/feedback/complaints/7/close')
  expect(init).toEqual({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-renxin': '1' },
    body: '{"resolution":"已致歉"}',
  })
})

test('a refusal carries its code, kind, details and the number of the request', async () => {
  answering(409, { type: 'about:blank', title: 'conflict', status: 409, code: 'feedback.alreadyClosed', requestId: 'r7', by: '王护士' })

  const problem = await problemOf(call(api.close, { id: '7', resolution: 'x' }))

  expect(problem).toMatchObject({ code: 'feedback.alreadyClosed', kind: 'conflict', details: { by: '王护士' }, requestId: 'r7' })
})

test('the page of a proxy that has no server behind it is understood as busy, a broken line as such', async () => {
  answering(502, '<html>Bad Gateway</html>', { 'x-request-id': 'p1' })
  expect(await problemOf(call(api.hello, {}))).toMatchObject({ code: 'house.unavailable', kind: 'unavailable', requestId: 'p1' })

  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  expect(await problemOf(call(api.hello, {}))).toMatchObject({ code: 'house.network', kind: 'network' })
})

test('a session that has ended is told to the console, a wrong password at sign-in is not', async () => {
  const told = vi.fn()
  onSignedOut(told)
  answering(401, { code: 'house.unauthenticated' })

  await problemOf(call(api.hello, {}))
  expect(told).not.toHaveBeenCalled()

  await problemOf(call(api.list, { unit: '1' }))
  expect(told).toHaveBeenCalledOnce()
})

test('a page shows PDFs and pictures itself, and never what could run in it', async () => {
  const made: Blob[] = []
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${made.push(blob)}` }))
  answering(200, '%PDF-1.7', { 'content-type': 'application/pdf' })
  expect(await fetchShown(api.hello, {})).toEqual({ type: 'application/pdf', address: 'blob:1' })
  expect(made.map((b) => b.type)).toEqual(['application/pdf'])

  for (const type of ['text/html', 'image/svg+xml', 'application/octet-stream']) {
    answering(200, '<script>', { 'content-type': type })
    expect(await fetchShown(api.hello, {})).toBe(null)
  }
})
