import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { forget, makeDataDir, runCommand, startProduct } from '@renxin/app-server/testing'
import { freePort } from '@renxin/server/testing-port'
import { killsOf, runFaults } from './faults.ts'
import { fhirKey, spoilFhir } from './fhir-rubbish.ts'
import { growthOf, throwRubbish } from './hl7-rubbish.ts'
import { inspectInbound } from './inspect.ts'
import { inspectedOn } from './memory.ts'
import { soak } from './soak.ts'

/** What a run of one round did: how many of what is counted, in how many seconds. A round that fails throws. */
type Done = { count: number; seconds: number; says: string }
type Trial = {
  what: string
  unit: string
  goal: number
  /** Under what it adds up, where it is not its name. */
  record?: string
  open: () => Promise<{ round: (nth: number) => Promise<Done>; close: () => Promise<void> }>
}
type State = Record<string, { count: number; rounds: number; seconds: number; last: string }>

const ROUND = 20_000
const FHIR_ROUND = 5_000
const SOAK_SECONDS = 1800
const STATE = resolve(import.meta.dirname, '../.data/long.json')

const { values } = parseArgs({
  options: { only: { type: 'string' }, anew: { type: 'boolean', default: false }, seconds: { type: 'string' } },
})
/** A shorter soak shows that it runs, and is noted apart. */
const soakSeconds = Number(values.seconds ?? SOAK_SECONDS)

/** The trials that take too long for every day. Rounds add up in the data folder, so that a run that was broken off goes on where it was. */
const trials: Record<string, Trial> = {
  hl7: {
    what: 'spoilt HL7 messages at the MLLP door: answered or closed, sound ones kept, memory flat',
    unit: 'messages',
    goal: 1_000_000,
    open: async () => {
      const dataDir = await makeDataDir('long-hl7')
      const product = await startProduct(dataDir)
      await runCommand(dataDir, ['hospital', 'create', '--name', '仁心演练医院'])
      const megabytes: number[] = []
      return {
        round: async (nth) => {
          const { sent, answered, closed, seconds, ...attack } = await throwRubbish(product, { count: ROUND, seed: 1000 + nth })
          megabytes.push(...attack.megabytes)
          if (growthOf(megabytes) > 0.25) throw new Error(`memory grew by ${(growthOf(megabytes) * 100).toFixed(0)} %`)
          return { count: sent, seconds, says: `${answered} answered, ${closed} closed, ${Math.max(...attack.megabytes).toFixed(0)} MB` }
        },
        close: () => forget(dataDir, product),
      }
    },
  },
  fhir: {
    what: 'spoilt FHIR bodies over HTTP: answered, never with the fault of the server, memory flat',
    unit: 'bodies',
    goal: 50_000,
    open: async () => {
      const dataDir = await makeDataDir('long-fhir')
      const product = await startProduct(dataDir, { RENXIN_LOG: 'silent' })
      await runCommand(dataDir, ['hospital', 'create', '--name', '仁心演练医院'])
      const key = await fhirKey(dataDir)
      const megabytes: number[] = []
      return {
        round: async (nth) => {
          const { sent, seconds, byStatus, ...spoilt } = await spoilFhir(product, key, { count: FHIR_ROUND, seed: 1000 + nth })
          megabytes.push(...spoilt.megabytes)
          if (growthOf(megabytes) > 0.25) throw new Error(`memory grew by ${(growthOf(megabytes) * 100).toFixed(0)} %`)
          return { count: sent, seconds, says: `${JSON.stringify(byStatus)}, ${Math.max(...spoilt.megabytes).toFixed(0)} MB` }
        },
        close: () => forget(dataDir, product),
      }
    },
  },
  kills: {
    what: 'kill -9 of server, database and both under load in both directions; after each round every invariant, by SQL alone',
    unit: 'kills',
    goal: 500,
    open: async () => ({
      round: async (nth) => {
        const dataDir = await makeDataDir('long-kills')
        try {
          const { seconds, ...faults } = await runFaults(dataDir, { kills: 25, seed: 500 + nth })
          return { count: killsOf(faults), seconds, says: JSON.stringify(faults) }
        } finally {
          await forget(dataDir)
        }
      },
      close: async () => {},
    }),
  },
  soak: {
    what: 'half an hour at the load of a hospital: memory and p95 stay where they are',
    unit: 'seconds',
    goal: soakSeconds,
    ...(soakSeconds < SOAK_SECONDS && { record: `soak of ${soakSeconds} s` }),
    open: async () => ({
      round: async () => {
        const dataDir = await makeDataDir('long-soak')
        const port = await freePort()
        const product = await startProduct(dataDir, { RENXIN_LOG: 'silent', ...inspectedOn(port) })
        try {
          const { sent, stays, minutes, percentAnHour, readsLater, reads, seconds } = await soak(product, dataDir, {
            seconds: soakSeconds,
            port,
          })
          for (const [nth, m] of minutes.entries()) console.log(`   minute ${nth + 1}: ${JSON.stringify(m)}`)
          const says = `${sent.length} messages, ${reads} reads, memory ${percentAnHour.toFixed(2)} % an hour, p95 of reads ×${readsLater.toFixed(2)} of before`
          await inspectInbound(dataDir, sent, stays)
          const isWhole = soakSeconds >= SOAK_SECONDS // of less no slope can be told
          if (isWhole && !(percentAnHour < 1)) throw new Error(`memory grows: ${says}`)
          if (isWhole && !(readsLater <= 1.2)) throw new Error(`answers grow slower: ${says}`)
          return { count: Math.round(seconds), seconds, says }
        } finally {
          await forget(dataDir, product)
        }
      },
      close: async () => {},
    }),
  },
  machines: {
    what: 'machines that are lost, disks that fail or are full, clocks that jump, a database that talks rubbish, a leader that is killed again and again',
    unit: 'rounds',
    goal: 1,
    open: async () => ({ round: () => runTests('proof/machines'), close: async () => {} }),
  },
  faults: {
    what: 'kills of server, database and destination under load in both directions',
    unit: 'seconds',
    goal: 600,
    open: async () => ({
      round: async (nth) => {
        const dataDir = await makeDataDir('long-faults')
        try {
          const { seconds, ...faults } = await runFaults(dataDir, { seconds: 600, seed: nth })
          return { count: 600, seconds, says: JSON.stringify(faults) }
        } finally {
          await forget(dataDir)
        }
      },
      close: async () => {},
    }),
  },
}

const chosen = Object.entries(trials).filter(([name]) => !values.only || values.only === name)
if (chosen.length === 0) {
  console.error(`--only takes one of: ${Object.keys(trials).join(', ')}`)
  process.exit(2)
}
const state: State = values.anew ? {} : JSON.parse(await readFile(STATE, 'utf8').catch(() => '{}')) // our own file
let [passed, failed] = [0, 0]
for (const [name, trial] of chosen) {
  const isPassed = await run(name, trial)
  if (isPassed) passed += 1
  else failed += 1
}
console.log(`\n${passed} passed, ${failed} failed, 0 skipped`)
process.exit(failed > 0 ? 1 : 0)

async function run(name: string, { what, unit, goal, open, record = name }: Trial): Promise<boolean> {
  const so = state[record] ?? { count: 0, rounds: 0, seconds: 0, last: '' }
  state[record] = so
  console.log(`\n── ${name}: ${what}`)
  if (so.count >= goal) {
    console.log(`   ${so.count} ${unit} of ${goal} are done: ${so.last}`)
    return true
  }
  const opened = await open()
  try {
    while (so.count < goal) {
      const { count, seconds, says } = await opened.round(so.rounds)
      Object.assign(so, { count: so.count + count, rounds: so.rounds + 1, seconds: so.seconds + seconds, last: says })
      await save()
      console.log(`   ${so.count} of ${goal} ${unit}, ${rateOf(count, seconds)}: ${says}`)
    }
    return true
  } catch (error) {
    console.log(`   round ${so.rounds} failed: ${error instanceof Error ? error.message : String(error)}`)
    return false
  } finally {
    await opened.close()
  }
}

/** The tests of a folder that are left out of `npm test`, their own words beneath. */
async function runTests(folder: string): Promise<Done> {
  const began = performance.now()
  const vitest = resolve(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'server', '--maxWorkers', '1', folder], {
    cwd: resolve(import.meta.dirname, '..'),
    env: { ...process.env, RENXIN_MACHINES: 'on' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    said += piece
    process.stdout.write(piece)
  })
  const [code] = await once(child, 'close')
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped/.exec(said)
  if (code !== 0 || !counts) throw new Error(counts?.[0] ?? `vitest ended with ${code}`)
  return { count: 1, seconds: (performance.now() - began) / 1000, says: counts[0] }
}

function rateOf(count: number, seconds: number): string {
  const perSecond = count / seconds
  return perSecond >= 1 ? `${perSecond.toFixed(0)} a second` : `${(perSecond * 60).toFixed(1)} a minute`
}

async function save(): Promise<void> {
  await mkdir(resolve(STATE, '..'), { recursive: true })
  await writeFile(`${STATE}.tmp`, `${JSON.stringify(state, null, 2)}\n`)
  await rename(`${STATE}.tmp`, STATE)
}
