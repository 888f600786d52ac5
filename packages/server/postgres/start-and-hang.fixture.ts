// A server process for the tests to kill: starts PostgreSQL on the folder named, says so, and waits. One that is refused ends.
import { StartRefused, startEmbedded } from './embedded.ts'

const [dataDir = ''] = process.argv.slice(2)
const started = await startEmbedded({ dataDir }).catch((error: unknown) => {
  if (error instanceof StartRefused) process.exit(1)
  throw error
})
process.stdout.write(`${JSON.stringify({ ownerUrl: started.ownerUrl, pid: started.pid })}\n`)
setInterval(() => undefined, 1000)
