// A server process for the tests to kill: starts PostgreSQL on the folder named, says so, and waits.
import { startEmbedded } from './embedded.ts'

const [dataDir = ''] = process.argv.slice(2)
const { ownerUrl, pid } = await startEmbedded({ dataDir })
process.stdout.write(`${JSON.stringify({ ownerUrl, pid })}\n`)
setInterval(() => undefined, 1000)
