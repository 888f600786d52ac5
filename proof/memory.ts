import { once } from 'node:events'
import type { HeapSpaceInfo } from 'node:v8'

/** What a product is started with so that its memory can be looked at. */
export const inspectedOn = (port: number) => ({ NODE_OPTIONS: `--inspect=127.0.0.1:${port}` })

/** Where the engine keeps what it made of the program: it goes on to compile what has run often enough for as long as something seldom runs. */
const ofCode = ['code_space', 'code_large_object_space', 'trusted_space', 'trusted_large_object_space']

const told = `JSON.stringify({ spaces: process.getBuiltinModule('v8').getHeapSpaceStatistics(), external: process.memoryUsage().external })`

/**
 * What a process of Node holds in MiB: objects and what hangs on them outside of the heap, after a collection. What the system has given it tells less: the engine lets
 * garbage lie for as long as there is room, half a gigabyte and more on a large machine, so that this grows for hours where nothing is held.
 */
export async function openMemory(port: number): Promise<{ held: () => Promise<number>; close: () => void }> {
  const targets: { webSocketDebuggerUrl: string }[] = await (await fetch(`http://127.0.0.1:${port}/json`)).json()
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  let last = 0
  const waiting = new Map<number, (result: { result?: { value?: string } }) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  const ask = (method: string, params: object = {}) =>
    new Promise<{ result?: { value?: string } }>((done) => {
      last += 1
      waiting.set(last, done)
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  return {
    held: async () => {
      await ask('HeapProfiler.collectGarbage')
      const { result } = await ask('Runtime.evaluate', { expression: told })
      const { spaces, external }: { spaces: HeapSpaceInfo[]; external: number } = JSON.parse(result?.value ?? '{}')
      const data = spaces.filter((s) => !ofCode.includes(s.space_name)).reduce((sum, s) => sum + s.space_used_size, 0)
      return (data + external) / 2 ** 20
    },
    close: () => socket.close(),
  }
}
