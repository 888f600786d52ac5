import { forget, makeDataDir, type Product, runCommand, startProduct } from '@renxin/app-server/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { growthOf, throwRubbish } from './hl7-rubbish.ts'
import { askDatabase } from './inspect.ts'

const MUTANTS = 20_000

let folder: string
let product: Product

beforeAll(async () => {
  folder = await makeDataDir('rubbish')
  product = await startProduct(folder)
  await runCommand(folder, ['hospital', 'create', '--name', '仁心演练医院'])
})
afterAll(() => forget(folder, product))

test('twenty thousand spoilt messages: each answered or its connection closed, the sound ones among them kept, memory flat', {
  timeout: 600_000,
}, async () => {
  const attack = await throwRubbish(product, { count: MUTANTS, seed: 20_261_128 })

  console.log(`${(attack.sent / attack.seconds).toFixed(0)} spoilt messages a second; ${attack.answered} answered, ${attack.closed} closed`)
  expect(attack.sent).toBe(MUTANTS)
  expect(attack.answered).toBeGreaterThan(MUTANTS / 2)
  expect(growthOf(attack.megabytes)).toBeLessThan(0.25)
  expect((await fetch(`${product.url}/healthz`)).status).toBe(200)
  const kept = await askDatabase(folder, (rows) =>
    rows(`select control_id, status from integration.messages where control_id like 'SOUND-%'`),
  )
  expect(kept.map((m) => m.control_id).toSorted()).toEqual(attack.sound.toSorted())
  expect(kept.filter((m) => m.status !== 'applied')).toEqual([])
})
