import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutantRequest, wholesome } from './mutants.ts'
import { openFhir, type Resource } from './testing.fixture.ts'

const MUTANTS = 1000
const SEED = 20260904
const { app, put, house, keyFor } = await openFhir()
const key = await keyFor('fhir.read', 'fhir.write', 'patients.unmask')

test(`of ${MUTANTS} spoilt requests each is answered in the manner of the standard, and none breaks anything`, {
  timeout: 240_000,
}, async () => {
  const targets: string[] = []
  for (const resource of wholesome()) {
    const answer = await put(resource as Resource) // each of them has an id
    expect([resource.resourceType, answer.status, answer.body.issue]).toEqual([resource.resourceType, 201, undefined])
    targets.push(`${resource.resourceType}/${resource.id}`)
  }
  console.info(`seed ${SEED}`)
  const statuses = new Map<number, number>()

  await fc.assert(
    fc.asyncProperty(fc.nat(), async (n) => {
      const { method, url, body, type } = mutantRequest(n, targets)
      const answer = await app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${key}`, ...(body === '' ? {} : { 'content-type': type }) },
        ...(body === '' ? {} : { payload: body }),
      })
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
      if (answer.statusCode >= 500)
        throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.payload.slice(0, 300)}\n${body.slice(0, 3000)}`)
      if (answer.statusCode >= 400 && answer.json().resourceType !== 'OperationOutcome')
        throw new Error(`${method} ${url}: ${answer.payload.slice(0, 300)}`)
    }),
    { seed: SEED, numRuns: MUTANTS, endOnFailure: true },
  )

  console.info(
    [...statuses]
      .toSorted()
      .map(([status, n]) => `${status}: ${n}`)
      .join(', '),
  )
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(MUTANTS / 10)
  expect(statuses.get(400) ?? 0).toBeGreaterThan(MUTANTS / 10)
  expect(await house.sql('select 1 from integration.fhir_resources where version < 1')).toEqual([])
})
