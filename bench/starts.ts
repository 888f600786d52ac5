import { paired } from './pairs.ts'
import { dropFolder, freshFolder, signIn, startPeer, startProduct, timedGets } from './product.ts'
import { plainRow, type Row, rowOf } from './result.ts'

type Log = (line: string) => void

/** From nothing to an answer, and from a stopped server to an answer, beside a bare Fastify; and from nothing to a demo that somebody can use. */
export async function startRows({ log }: { log: Log }): Promise<Row[]> {
  const bare = async () => {
    const began = performance.now()
    const peer = await startPeer()
    await timedGets([peer.url], 1, 1)
    const seconds = (performance.now() - began) / 1000
    await peer.stop()
    return seconds
  }
  const cold = await paired(async () => answers(await freshFolder('starts')), bare)
  log(`cold: ${cold.ours.map((s) => s.toFixed(1))} s`)
  const dataDir = await freshFolder('starts')
  await answers(dataDir)
  const warm = await paired(() => answers(dataDir), bare)
  log(`warm: ${warm.ours.map((s) => s.toFixed(1))} s`)
  const demo = await demoAnswers()
  await dropFolder(dataDir)
  log(`demo: ${demo.toFixed(1)} s`)
  const beside = 'bare Fastify'
  return [
    rowOf(cold, { name: 'start-cold', what: 'empty folder to first answer', unit: 's', beside, goal: '≤ 90 s', isMet: (_, s) => s <= 90 }),
    rowOf(warm, { name: 'start-warm', what: 'second start to /readyz and /', unit: 's', beside, goal: '≤ 3 s', isMet: (_, s) => s <= 3 }),
    plainRow([demo], {
      name: 'start-demo',
      what: 'empty folder to a demo of 20,000 patients whose nurse sees her list; one round',
      unit: 's',
      goal: '≤ 90 s',
      isMet: (s) => s <= 90,
    }),
  ]
}

/** Starts the product and answers the seconds until it is ready and has given out its page. */
async function answers(dataDir: string): Promise<number> {
  const began = performance.now()
  const product = await startProduct(dataDir)
  await timedGets([`${product.url}/readyz`, `${product.url}/`], 2, 1)
  const seconds = (performance.now() - began) / 1000
  await product.stop()
  return seconds
}

async function demoAnswers(): Promise<number> {
  const began = performance.now()
  const product = await startProduct(await freshFolder('starts'), { RENXIN_DEMO: 'on' })
  const cookie = await signIn(product.url, 'nurse', 'renxin-demo')
  await timedGets([`${product.url}/api/followups/queue?list=today`], 1, 1, cookie)
  const seconds = (performance.now() - began) / 1000
  await product.stop()
  return seconds
}
