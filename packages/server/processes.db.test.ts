import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@renxin/kernel'
import { expect, test, vi } from 'vitest'
import { listProcesses, makeHouse, makeLive, readBacklog, silentLog, startLiveLine, startProcess, startTicks, tick } from './index.ts'
import { openHouse } from './testing.ts'

const house = await openHouse([])
const facts = () => ({ rssMegabytes: 100, troubled: [] })

/** The house as another process has it: the same database, nothing shared in memory. */
const another = () => {
  const { pool, modules, masterKey, authenticator, now, hospitals } = house.house
  const made = makeHouse({ pool, modules, masterKey, authenticator, now, log: silentLog, live: makeLive() })
  for (const [id, hospital] of hospitals) made.hospitals.set(id, hospital)
  return made
}
const join = (of: typeof house.house, roles = ['worker']) => startProcess({ house: of, roles, version: '1', facts, beatMs: 100 })

test('of several workers one leads; when it ends the next leads at once, and who is no worker never does', async () => {
  const [first, second, page] = [another(), another(), another()]
  const web = await join(page, ['web'])
  const a = await join(first)
  const b = await join(second)
  expect([page, first, second].map((h) => h.isLeader())).toEqual([false, true, false])

  await a.stop()

  await vi.waitFor(() => expect(second.isLeader()).toBe(true), { timeout: 5000 })
  expect(first.isLeader()).toBe(false)
  const leads = new Map((await listProcesses(house.house.pool)).map((p) => [p.id, p.leads]))
  expect(leads).toEqual(new Map([[web.id, false], [b.id, true]])) // biome-ignore format: one thought
  await b.stop()
  await web.stop()
})

test('a leader of whom nothing is heard is followed once its time is over', async () => {
  const next = another()
  await house.ownerSql(`insert into house.leader (holder, until) values ('${newId()}', now() + interval '1 second')`)

  const b = await join(next)

  expect(next.isLeader()).toBe(false)
  await vi.waitFor(() => expect(next.isLeader()).toBe(true), { timeout: 5000 })
  await b.stop()
})

test('one of this machine that was killed is forgotten at the next start, which leads at once', async () => {
  const dead = newId()
  await house.ownerSql(`insert into house.processes (id, host, pid, roles, version, started_at, seen_at)
    select '${dead}', host, 4194305, '{worker}', '1', now(), now() from (select '${hostname()}' as host) h`)
  await house.ownerSql(`insert into house.leader (holder, until) values ('${dead}', now() + interval '20 seconds')`)
  const next = another()

  const b = await join(next)

  expect(next.isLeader()).toBe(true)
  expect((await listProcesses(house.house.pool)).map((p) => p.id)).toEqual([b.id])
  await b.stop()
})

test('work by the clock is done where the process leads, waits where it does not, and says so when it fails', async () => {
  const [led, waiting] = [another(), another()]
  waiting.isLeader = () => false
  let done = 0
  const failing = tick('test.failing', { everySeconds: 0.05 }, async () => {
    throw new Error('no')
  })
  const counting = tick('test.counting', { everySeconds: 0.05 }, async () => {
    done += 1
  })
  const idle = startTicks(waiting, [counting])
  await pause(300)
  expect(done).toBe(0)

  const busy = startTicks(led, [counting, failing])
  await vi.waitFor(() => expect(done).toBeGreaterThan(1))
  await vi.waitFor(() => expect(busy.troubled()).toEqual(['test.failing']))

  expect(idle.troubled()).toEqual([])
  await Promise.all([busy.stop(), idle.stop()])
})

test('work that says that there is more of it has its next turn at once, and waits when there is none', async () => {
  const led = another()
  let turns = 0
  const inParts = tick('test.inParts', { everySeconds: 1 }, async () => {
    turns += 1
    return turns < 4 ? 'more' : undefined
  })

  const ticker = startTicks(led, [inParts])
  await vi.waitFor(() => expect(turns).toBe(4), { timeout: 1900 }) // the first after a second; at a second each they would take four
  await pause(200)

  expect(turns).toBe(4)
  await ticker.stop()
})

test('what one process announces the pages of another hear, once and not back; after a break all counts as changed', async () => {
  const [here, there] = [another(), another()]
  const lines = [await startLiveLine(here, house.urls.appUrl), await startLiveLine(there, house.urls.appUrl)]
  const heard: string[][] = []
  const echoes: string[][] = []
  there.live.subscribe(house.hospitalId, (modules) => heard.push([...modules]))
  here.live.subscribe(house.hospitalId, (modules) => echoes.push([...modules]))
  there.actors.set('somebody', { actor: { ...house.ctx.actor }, readAt: 0 })
  there.authenticator = { ...there.authenticator, modules: ['access'] }

  here.live.announce(house.hospitalId, ['patients'])
  here.live.announce(house.hospitalId, ['access', 'patients'])
  here.live.announce(house.hospitalId + 1, ['staff'])

  await vi.waitFor(() => expect(heard).toEqual([['patients', 'access']]))
  expect(echoes).toEqual([['patients'], ['access', 'patients']])
  expect(there.actors.size).toBe(0)

  there.modules = [{ name: 'feedback', migrations: new URL('file:///'), routes: [], listeners: [], ticks: [] }]
  await house.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'renxin live' and datname = current_database()`,
  )
  await vi.waitFor(() => expect(heard).toEqual([['patients', 'access'], ['feedback']]), { timeout: 10_000 })
  here.live.announce(house.hospitalId, ['staff'])
  await vi.waitFor(() => expect(heard).toContainEqual(['staff']), { timeout: 10_000 })
  await Promise.all(lines.map((line) => line.stop()))
})

test('the backlog counts what waits in all hospitals and leaves the session where it was', async () => {
  const before = await readBacklog(house.house.pool)

  await house.sql(`insert into house.events (id, name, payload, at) values ('${newId()}', 'test.waits', '{}', now())`)

  expect(await readBacklog(house.house.pool)).toMatchObject({ pending: before.pending + 1, givenUp: 0 })
})
