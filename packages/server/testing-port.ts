import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of this machine on which nobody listens, for a process that has to be told one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('a TCP listener has a port')
  return address.port
}
