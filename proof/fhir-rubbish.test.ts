import { forget, makeDataDir, type Product, runCommand, startProduct } from '@renxin/app-server/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fhirKey, spoilFhir } from './fhir-rubbish.ts'

let folder: string
let product: Product
let key: string

beforeAll(async () => {
  folder = await makeDataDir('fhir-rubbish')
  product = await startProduct(folder, { RENXIN_LOG: 'silent' })
  await runCommand(folder, ['hospital', 'create', '--name', '仁心演练医院'])
  key = await fhirKey(folder)
})
afterAll(() => forget(folder, product))

test('a thousand spoilt FHIR bodies are answered, none of them with the fault of the server', { timeout: 300_000 }, async () => {
  const spoilt = await spoilFhir(product, key, { count: 1000, seed: 20_261_128 })

  console.log(`${(spoilt.sent / spoilt.seconds).toFixed(0)} a second: ${JSON.stringify(spoilt.byStatus)}`)
  expect(spoilt.sent).toBe(1000)
  expect(spoilt.byStatus[400]).toBeGreaterThan(50)
  expect((spoilt.byStatus[200] ?? 0) + (spoilt.byStatus[201] ?? 0)).toBeGreaterThan(50)
})
