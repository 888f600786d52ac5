import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import fastifyCookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { addressOf, houseErrors, newId, Refusal, type Route, statusOf } from '@renxin/kernel'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import helmet, { type HelmetOptions } from 'helmet'
import { answer, identify, isFile } from './answer.ts'
import { makeReadAudit } from './audit.ts'
import { databaseTrouble } from './database-errors.ts'
import { Declined } from './declined.ts'
import { openExchanges, sendExchange } from './exchange.ts'
import { type House, inHospital } from './house.ts'
import { openApi } from './openapi.ts'
import { credentialOf, doorOf, refuseForeignPages } from './request.ts'
import { watchWho } from './watch-who.ts'
import { servePages, wantsPage } from './web.ts'

const BODY_LIMIT = 1024 * 1024
/** A request that has not come to its end by then is cut off: whoever sends a byte a minute holds nothing for long. */
const REQUEST_TIMEOUT_MS = 120_000

/** Whoever has not been answered by then is cut off. */
const CLOSE_WITHIN_MS = 20_000

/** What a browser may do with our pages. */
const helmetOptions: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"], // antd writes its styles into the page
      'img-src': ["'self'", 'data:', 'blob:'],
      'frame-src': ['blob:'], // a PDF that a page has fetched itself, in the browser's own viewer
      'font-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  strictTransportSecurity: false, // a hospital's inner network may have no TLS; the proxy that has it says so itself
  crossOriginOpenerPolicy: false, // browsers ignore it without TLS, and say so on every page
  originAgentCluster: false,
  xFrameOptions: { action: 'deny' },
}

/** As headers. They are the same for every page, so they are drawn up once. */
const forBrowsers = headersOf(helmetOptions)

function headersOf(options: HelmetOptions): Record<string, string> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  helmet(options)(request, response, () => {})
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]))
}

/** The same for what is no page: nothing in it may be run, shown in a frame, or used by another site. Few, since each look-up carries them. */
const forData = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export type HttpOptions = {
  /** Requests a minute from one address; a hospital stands behind one, so it is generous. */
  requestsPerMinute?: number
  /** How addresses under a prefix say that something was refused, where a standard has its own way. */
  problems?: { prefix: string; type: string; body: (problem: Problem) => unknown }[]
  /** The folder of the built console. */
  pages?: string
  isReady?: () => Promise<{ ready: boolean; checks: Record<string, boolean> }>
  metrics?: () => Promise<string>
  /** Whether `/metrics` answers other machines as well. */
  hasOpenMetrics?: boolean
  /** Told of every request once it is answered. */
  answered?: (what: Answered) => void
}

/** By its route, never by its address, which may name somebody. */
export type Answered = { method: string; route: string; status: number; seconds: number }

/** The HTTP side of the house: every route of every module, live events, health, and the description of it all. */
export async function openHttp(house: House, options: HttpOptions = {}): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: undefined,
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: 'loopback',
    genReqId: () => newId(),
    return503OnClosing: false, // what is on its way when we are told to stop is still answered
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => sendProblem(house, error, request, reply.headers(forData), options.problems),
  })
  const { answered } = options
  if (answered)
    app.addHook('onResponse', (request, reply, done) => {
      answered({
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      })
      done()
    })
  app.removeContentTypeParser('text/plain') // what a form of a foreign page may send unasked
  await app.register(fastifyCookie)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(/^\/(api|fhir)\//.test(request.url) ? forData : forBrowsers)
    done()
  })
  app.addHook('onSend', (_, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store') // a refusal too tells who asked for whom
    done()
  })
  await app.register(rateLimit, {
    global: true,
    max: options.requestsPerMinute ?? 6000,
    timeWindow: '1 minute',
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }, // whoever asks too much is told when to come again
    errorResponseBuilder: () => houseErrors.tooManyRequests(),
  })
  app.setErrorHandler((error, request, reply) =>
    error instanceof Declined ? sendExchange(reply, error.reply) : sendProblem(house, error, request, reply, options.problems),
  )

  const readAudit = makeReadAudit(house)
  const routes = house.modules.flatMap((m) => m.routes)
  await app.register(async (inner) => openExchanges(house, readAudit, inner, routes))
  for (const served of routes) {
    const { route } = served
    if (route.isExchange) continue
    app.route({
      method: route.method,
      url: addressOf(route),
      bodyLimit: route.bodyLimit ?? BODY_LIMIT,
      handler: async (request, reply) => {
        refuseForeignPages(request, route)
        const result = await answer(house, readAudit, served, {
          credential: credentialOf(request),
          input: inputOf(request, route),
          door: doorOf(request, reply),
          requestId: request.id,
        })
        if (isFile(route, result)) {
          reply.header('content-type', result.type)
          reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(result.name)}`)
          return reply.send(result.body)
        }
        if (route.file) reply.code(202) // an export that waits for its release
        return reply.type(route.type ?? 'application/json').send(JSON.stringify(result ?? null))
      },
    })
  }
  app.get('/api/openapi.json', async (_, reply) => reply.send(openApi(routes.map((r) => r.route))))
  const streams = new Set<FastifyReply>()
  app.get('/api/events', (request, reply) => openLive(house, request, reply, streams))
  closeInPeace(app, streams)
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    const { ready, checks } = (await options.isReady?.()) ?? { ready: true, checks: {} }
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
  })
  app.get('/metrics', async (request, reply) => {
    if (!options.hasOpenMetrics && !isOfThisMachine(request)) throw houseErrors.notFound()
    return reply.type('text/plain; version=0.0.4').send((await options.metrics?.()) ?? '')
  })
  const sendPage = options.pages ? await servePages(app, options.pages) : null
  app.setNotFoundHandler((request, reply) =>
    sendPage && wantsPage(request) ? sendPage(reply) : sendProblem(house, houseErrors.notFound(), request, reply, options.problems),
  )
  return app
}

/** Numbers of the installation are for its own monitoring: from this machine, or through a proxy on it that lets nobody else in. */
const isOfThisMachine = ({ ip }: FastifyRequest) => /^(127\.|::1$|::ffff:127\.)/.test(ip)

const queryOf = (request: FastifyRequest) => (typeof request.query === 'object' && request.query !== null ? request.query : {})

function inputOf(request: FastifyRequest, route: Route): unknown {
  const body = typeof request.body === 'object' && request.body !== null ? request.body : {}
  const params = typeof request.params === 'object' && request.params !== null ? request.params : {}
  return { ...(route.method === 'GET' ? queryOf(request) : body), ...params } // of an address there are those params alone that it names
}

/** Told to stop: pages are sent away to listen elsewhere, what was asked is answered, and each connection ends with its answer. */
function closeInPeace(app: FastifyInstance, streams: ReadonlySet<FastifyReply>): void {
  let isClosing = false
  app.addHook('onSend', (_, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })
  app.addHook('preClose', async () => {
    isClosing = true
    for (const stream of streams) stream.raw.end()
    setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS).unref()
  })
}

function openLive(house: House, request: FastifyRequest, reply: FastifyReply, streams: Set<FastifyReply>): void {
  const credential = credentialOf(request)
  const hospitalId = Number(credential.session?.split('.')[0])
  void inHospital(house, Number.isSafeInteger(hospitalId) ? hospitalId : 0, (ctx) => identify(house, ctx, credential))
    .then((actor) => {
      if (actor.kind === 'nobody') throw houseErrors.unauthenticated()
      reply.hijack()
      if (reply.raw.destroyed) return // the page was closed while we looked who it is; nobody would ever end what begins below
      reply.raw.writeHead(200, {
        ...forData,
        'content-type': 'text/event-stream',
        'x-accel-buffering': 'no',
      })
      const tell = (text: string) => void (reply.raw.writableEnded || reply.raw.write(text))
      tell(': hello\n\n')
      streams.add(reply)
      const leave = house.live.subscribe(hospitalId, (modules) => {
        for (const module of modules) tell(`data: ${JSON.stringify({ module })}\n\n`)
      })
      const unwatch = watchWho(house, hospitalId, {
        credential,
        actor,
        changed: () => tell('event: you\ndata: {}\n\n'),
        gone: () => reply.raw.end(),
      })
      const beat = setInterval(() => tell(': still here\n\n'), 20_000)
      reply.raw.once('close', () => {
        clearInterval(beat)
        unwatch()
        streams.delete(reply)
        leave()
      })
    })
    .catch((error) => sendProblem(house, error, request, reply))
}

export type Problem = { status: number; code: string; requestId: string; details: Readonly<Record<string, unknown>> }

/** RFC 9457: what was refused, by a code for which the browser has the sentence; anything unforeseen is logged here, once. */
export function sendProblem(
  house: House,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  ways: HttpOptions['problems'] = [],
): FastifyReply {
  const refusal = asRefusal(error)
  if (!refusal)
    house.log.error({ err: error, requestId: request.id, method: request.method, route: request.routeOptions.url }, 'unexpected error')
  const code = refusal?.code ?? 'house.unexpected'
  const status = code === 'house.tooManyRequests' ? 429 : refusal ? statusOf[refusal.kind] : 500
  const way = ways.find((w) => request.url.startsWith(w.prefix))
  const details = refusal?.details ?? {}
  if (way)
    return reply
      .code(status)
      .type(way.type)
      .send(JSON.stringify(way.body({ status, code, requestId: request.id, details })))
  const body = { ...details, type: 'about:blank', title: code, status, code, requestId: request.id }
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body))
}

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const trouble = databaseTrouble(error)
  if (trouble) return trouble === 'full' ? houseErrors.full() : houseErrors.busy()
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return houseErrors.invalid({ because: 'tooLarge' })
  if ('statusCode' in error && (error.statusCode === 400 || error.statusCode === 414)) return houseErrors.invalid({ because: 'malformed' })
  if ('statusCode' in error && error.statusCode === 415) return houseErrors.invalid({ because: 'contentType' })
  return undefined
}
