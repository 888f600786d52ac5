import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Serves the files of the built console, which are named by content, for ever; answers how every other address gets the page itself. */
export async function servePages(app: FastifyInstance, folder: string): Promise<(reply: FastifyReply) => FastifyReply> {
  const index = await readFile(join(folder, 'index.html'), 'utf8')
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  })
  return (reply) => reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(index)
}

export const wantsPage = (request: FastifyRequest): boolean => request.method === 'GET' && !/^\/(api|fhir|assets)\//.test(request.url)
