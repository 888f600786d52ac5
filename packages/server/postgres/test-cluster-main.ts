import { rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { StartRefused, startEmbedded } from './embedded.ts'
import { countUsers, inClone, readyFile, testClusterFolder } from './test-cluster.ts'

const [folder = '', idleMilliseconds] = process.argv.slice(2)

try {
  // Nothing here outlives a test, so the disk need not be waited for. A test of durability starts a server of its own.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_connections: 200,
    shared_buffers: '256MB',
  }
  const cluster = await startEmbedded({ dataDir: folder, settings, log: console.log, onDeath: () => process.exit(1) })
  const addresses = JSON.stringify({ ownerUrl: cluster.ownerUrl, appUrl: cluster.appUrl, superUrl: cluster.superUrl })
  const announce = async () => {
    await writeFile(`${readyFile(folder)}.new`, addresses)
    await rename(`${readyFile(folder)}.new`, readyFile(folder))
  }
  const stop = async () => {
    await rm(readyFile(folder), { force: true })
    await cluster.stop()
    const isInMemory = folder === testClusterFolder && folder !== inClone
    if (isInMemory && (await countUsers(folder)) === 0) await rm(folder, { recursive: true, force: true })
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  await announce()
  for (let idleSince = performance.now(); ; await pause(200)) {
    if ((await countUsers(folder)) > 0) idleSince = performance.now()
    if (performance.now() - idleSince < Number(idleMilliseconds)) continue
    // Whoever read the address before it is taken away has left a ticket before that: look once more.
    await rm(readyFile(folder), { force: true })
    await pause(200)
    if ((await countUsers(folder)) === 0) await stop()
    await announce()
  }
} catch (error) {
  if (!(error instanceof StartRefused)) throw error
  console.log(error.message) // another keeper was faster
  process.exitCode = 1
}
