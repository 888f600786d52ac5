import { addressOf, type ExchangeReply, exchangeReply } from '@renxin/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answer } from './answer.ts'
import type { makeReadAudit } from './audit.ts'
import type { House } from './house.ts'
import { credentialOf, doorOf, refuseForeignPages } from './request.ts'
import type { Served } from './serve.ts'

const BODY_LIMIT = 4 * 1024 * 1024

/** The routes that speak a standard's own way: bodies reach them as text, forms too, and their status and headers are theirs. */
export function openExchanges(
  house: House,
  readAudit: ReturnType<typeof makeReadAudit>,
  app: FastifyInstance,
  routes: readonly Served[],
): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^(?:application\/(?:[\w.-]+\+)?json|text\/json|application\/x-www-form-urlencoded)/,
    { parseAs: 'string' },
    (_, body, done) => done(null, body),
  )
  for (const served of routes) {
    const { route } = served
    if (!route.isExchange) continue
    app.route({
      method: route.method,
      url: addressOf(route),
      bodyLimit: route.bodyLimit ?? BODY_LIMIT,
      handler: async (request, reply) => {
        refuseForeignPages(request, route)
        const result = await answer(house, readAudit, served, {
          credential: credentialOf(request),
          input: exchangeOf(request),
          door: doorOf(request, reply),
          requestId: request.id,
        })
        return sendExchange(reply, exchangeReply.parse(result))
      },
    })
  }
}

function exchangeOf(request: FastifyRequest): unknown {
  const params = typeof request.params === 'object' && request.params !== null ? request.params : {}
  const at = request.url.indexOf('?')
  const isForm = /^application\/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')
  const body = typeof request.body === 'string' ? request.body : ''
  const query = [...new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1)), ...(isForm ? new URLSearchParams(body) : [])]
  const headers = Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  const host = /^[\w.:[\]-]{1,255}$/.test(request.host) ? request.host : 'localhost'
  return { ...params, query, headers: Object.fromEntries(headers), body: isForm ? '' : body, origin: `${request.protocol}://${host}` }
}

export function sendExchange(reply: FastifyReply, { status, headers, body }: ExchangeReply): FastifyReply {
  reply.code(status).header('cache-control', 'no-store')
  for (const [name, value] of Object.entries(headers)) reply.header(name, value)
  return reply.send(status === 204 || status === 304 ? undefined : body)
}
