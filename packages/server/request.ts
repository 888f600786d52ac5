import { houseErrors, type Route } from '@renxin/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Credential } from './answer.ts'
import type { Door } from './context.ts'

export const SESSION_COOKIE = 'renxin_session'

/** Knows a browser in which somebody has signed in; it lets nobody in. */
export const DEVICE_COOKIE = 'renxin_device'
const DEVICE_SECONDS = 400 * 24 * 3600 // the longest that a browser keeps one (RFC 6265bis, 5.5)

export const credentialOf = (request: FastifyRequest): Credential => ({
  session: request.cookies[SESSION_COOKIE] ?? null,
  key: /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null,
})

export const doorOf = (request: FastifyRequest, reply: FastifyReply): Door => ({
  address: request.ip,
  agent: request.headers['user-agent'] ?? '',
  isSecure: request.protocol === 'https',
  session: request.cookies[SESSION_COOKIE] ?? null,
  setSession: (value) => {
    const shape = { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const
    if (value === null) reply.clearCookie(SESSION_COOKIE, shape)
    else reply.setCookie(SESSION_COOKIE, value, shape)
  },
  device: request.cookies[DEVICE_COOKIE] ?? null,
  setDevice: (value) => {
    const secure = request.protocol === 'https'
    reply.setCookie(DEVICE_COOKIE, value, { path: '/api/access', httpOnly: true, sameSite: 'strict', secure, maxAge: DEVICE_SECONDS })
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
