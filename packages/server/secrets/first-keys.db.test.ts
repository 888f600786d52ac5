import { expect, test } from 'vitest'
import { openPool } from '../database.ts'
import { openHouse } from '../testing.ts'
import { readKeys } from './key-list.ts'

const house = await openHouse([])

test('those who come at once to a hospital that has no keys yet all get its first ones, whoever makes them', async () => {
  for (let time = 0; time < 5; time += 1) {
    const hospital = await house.addHospital(`第 ${time} 院`)
    const pools = Array.from({ length: 4 }, () => openPool(house.urls.appUrl, { max: 4 }))

    const keys = await Promise.all(
      Array.from({ length: 16 }, (_, i) => readKeys(pools[i % 4] ?? house.house.pool, house.house.masterKey, hospital)),
    )
    await Promise.all(pools.map((pool) => pool.end()))

    const prints = keys.map(({ current, indexes }) => [current.number, ...[current.cipher, ...indexes.map((i) => i.key)].map((k) => k.export().toString('hex'))]) // biome-ignore format: one thought
    expect(prints).toEqual(Array(16).fill(prints[0]))
    expect(prints[0]).toEqual([1, expect.stringMatching(/^.{64}$/), expect.stringMatching(/^.{64}$/)])
  }
})
