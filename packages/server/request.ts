import { houseErrors, type Route } from '@renxin/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Credential } from './answer.ts'
import type { Door } from './context.ts'

export const SESSION_COOKIE = 'renxin_session'

/** Knows a browser in which somebody has signed in; it lets nobody in. */
export const DEVICE_COOKIE = 'renxin_device'
const DEVICE_SECONDS = 400 * 24 * 3600 // the longest that a browser keeps one (RFC 6265bis, 5.5)

/** Ties whoever went to the provider of single sign-on to the browser in which he set out. */
export const ATTEMPT_COOKIE = 'renxin_sso'
const ATTEMPT_SECONDS = 600

export const credentialOf = (request: FastifyRequest): Credential => ({
  session: request.cookies[SESSION_COOKIE] ?? null,
  key: /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null,
})

/** A cookie that only we read, and that comes from no page of somebody else. */
const ours = (request: FastifyRequest, path: string) =>
  ({ path, httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' }) as const

export const doorOf = (request: FastifyRequest, reply: FastifyReply): Door => ({
  address: request.ip,
  agent: request.headers['user-agent'] ?? '',
  isSecure: request.protocol === 'https',
  session: request.cookies[SESSION_COOKIE] ?? null,
  setSession: (value) => {
    if (value === null) reply.clearCookie(SESSION_COOKIE, ours(request, '/'))
    else reply.setCookie(SESSION_COOKIE, value, ours(request, '/'))
  },
  device: request.cookies[DEVICE_COOKIE] ?? null,
  setDevice: (value) => void reply.setCookie(DEVICE_COOKIE, value, { ...ours(request, '/api/access'), maxAge: DEVICE_SECONDS }),
  attempt: request.cookies[ATTEMPT_COOKIE] ?? null,
  setAttempt: (value) => {
    if (value === null) reply.clearCookie(ATTEMPT_COOKIE, ours(request, '/api/access'))
    else reply.setCookie(ATTEMPT_COOKIE, value, { ...ours(request, '/api/access'), maxAge: ATTEMPT_SECONDS })
  },
})

/**
 * A write that carries a cookie must come from our own pages: browsers send this header only after asking, and we never allow others. Systems that speak a
 * standard's own way know nothing of it, and bring no cookie.
 */
export function refuseForeignPages(request: FastifyRequest, route: Route): void {
  if (route.method === 'GET' || request.headers.authorization) return
  if (route.isExchange && request.cookies[SESSION_COOKIE] === undefined) return
  if (request.headers['x-renxin'] !== '1') throw houseErrors.forbidden({ because: 'x-renxin' })
}
