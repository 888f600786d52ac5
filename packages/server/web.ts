import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { houseErrors } from '@renxin/kernel'
import type { FastifyInstance } from 'fastify'
import type { House } from './house.ts'
import { sendProblem } from './http.ts'

/** Serves the built console: files named by content for ever, every other address the page itself. */
export async function serveConsole(app: FastifyInstance, house: House, folder: string): Promise<void> {
  const index = await readFile(join(folder, 'index.html'), 'utf8')
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  })
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && !/^\/(api|fhir|assets)\//.test(request.url)
    if (!wantsPage) return sendProblem(house, houseErrors.notFound(), request, reply)
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(index)
  })
}
