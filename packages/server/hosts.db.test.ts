import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { clientFor } from './hosts.ts'
import { openHouse } from './testing.ts'

const house = await openHouse([])

/** A host that takes connections and says nothing; answers its port and how often it was asked. */
async function openSilentHost() {
  const asked = new Set<Socket>()
  const server = createServer((socket) => void asked.add(socket.on('error', () => {})))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const stop = () => {
    for (const socket of asked) socket.destroy()
    server.close()
  }
  return { port, times: () => asked.size, stop }
}

test('beside a host that is silent, only a connection that broke has the next one look for the host again, or the last one that ended', async () => {
  const silent = await openSilentHost()
  const url = house.urls.appUrl.replace(':5432/', `:5432,127.0.0.1:${silent.port}/`)
  const connect = async () => {
    const client = clientFor({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const gone = (client: { once: (event: 'end', then: () => void) => unknown }) => new Promise<void>((done) => void client.once('end', done))

  const [first, second] = [await connect(), await connect()]
  expect(silent.times()).toBe(1)
  await first.end()
  const third = await connect()
  expect(silent.times()).toBe(1)

  const broke = gone(third)
  third.connection.stream.destroy()
  await broke
  const fourth = await connect()
  expect(silent.times()).toBe(2)

  await Promise.all([second.end(), fourth.end()])
  const fifth = await connect()
  expect(silent.times()).toBeGreaterThan(2) // the watch may have looked as well
  await fifth.end()
  silent.stop()
}, 60_000)
