import { houseErrors, type Route } from '@renxin/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Credential } from './answer.ts'
import type { Door } from './context.ts'

export const SESSION_COOKIE = 'renxin_session'

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
})

/** A write that carries a cookie must come from our own pages: browsers send this header only after asking, and we never allow others. */
export function refuseForeignPages(request: FastifyRequest, route: Route): void {
  if (route.method === 'GET' || request.headers.authorization) return
  if (request.headers['x-renxin'] !== '1') throw houseErrors.forbidden({ because: 'x-renxin' })
}
