import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { logFiles } from './log-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'renxin-log-'))
afterAll(() => rm(folder, { recursive: true }))

test('lines go into a new file each day and whenever one is full; what is older than its days goes, and what is not ours stays', async () => {
  const place = join(folder, 'days')
  let now = new Date('2026-09-04T09:00:00Z')
  const lost: string[] = []
  const log = logFiles({ folder: place, megabytes: 0.001, days: 2 }, () => now, (line) => lost.push(line)) // biome-ignore format: one thought
  const line = `${'x'.repeat(400)}\n`

  for (let i = 0; i < 4; i += 1) log.write(line)
  now = new Date('2026-09-05T09:00:00Z')
  await writeFile(join(place, 'renxin-2026-08-30-7-1.log'), 'old')
  await writeFile(join(place, 'notes.log'), 'not ours')
  for (const name of ['renxin-2026-08-30-7-1.log', 'notes.log'])
    await utimes(join(place, name), new Date('2026-08-30'), new Date('2026-08-30'))
  now = new Date('2026-09-06T09:00:00Z')
  log.write(line)

  const names = (await readdir(place)).toSorted()
  const of = (day: string, part: number) => `renxin-${day}-${process.pid}-${part}.log`
  expect(names).toEqual(['notes.log', of('2026-09-04', 1), of('2026-09-04', 2), of('2026-09-06', 1)])
  const sizes = await Promise.all(names.slice(1).map(async (n) => (await readFile(join(place, n), 'utf8')).length / line.length))
  expect(sizes).toEqual([3, 1, 1])
  expect(lost).toEqual([])
})

test('what cannot be written is said elsewhere, and nobody is stopped', async () => {
  await writeFile(join(folder, 'a-file'), '')
  const lost: string[] = []
  const log = logFiles({ folder: join(folder, 'a-file'), megabytes: 1, days: 1 }, () => new Date(), (line) => lost.push(line)) // biome-ignore format: one thought

  log.write('a line\n')

  expect(lost).toEqual(['a line\n'])
})
