import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { suites } from '../secrets/suites.ts'
import { backupKey, isSigned, signed } from './keys.ts'
import { createSealed, readSealed } from './sealed.ts'

const key = backupKey({ master: Buffer.alloc(32, 7) }) ?? expect.fail('a key is drawn from every master key')
const PIECES = ['first', 'second', 'third'].map((word) => Buffer.from(`${word} 王芳 `.repeat(20)))

async function aFile(suite: (typeof suites)[number]) {
  const folder = await mkdtemp(join(tmpdir(), 'renxin-sealed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'a.sealed')
  const writer = await createSealed(path, { key, suite }, 'a')
  for (const piece of PIECES) await writer.append(piece)
  const facts = await writer.finish()
  const read = async (name = 'a', by = key) => {
    const all: Buffer[] = []
    for await (const piece of readSealed(path, by, name, { shown: 'a' })) all.push(piece)
    return Buffer.concat(all)
  }
  return { path, facts, read, bytes: await readFile(path) }
}

test.each(suites)('%s: what was sealed comes back, says nothing, and opens under its own name and key alone', async (suite) => {
  const { read, bytes, facts } = await aFile(suite)

  expect(await read()).toEqual(Buffer.concat(PIECES))
  expect(bytes.includes('王芳')).toBe(false)
  expect(Object.keys(facts)).toEqual(['bytes', suite === 'sm' ? 'sm3' : 'sha256'])
  await expect(read('b')).rejects.toThrow('spoilt in piece 1')
  await expect(read('a', backupKey({ master: Buffer.alloc(32, 8) }))).rejects.toThrow('spoilt in piece 1')
})

test.each(suites)(
  '%s: every byte that is changed is noticed, the one that names the suite too, and pieces that are swapped, left out or put behind',
  async (suite) => {
    const { path, read, bytes } = await aFile(suite)
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((changed[at] ?? 0) ^ 3, at) // 1 and 2 are the suites
      await writeFile(path, changed)
      await expect(read(), `byte ${at}`).rejects.toThrow(/spoilt|cut short/)
    }
    const pieces: Buffer[] = []
    for (let at = 25; at < bytes.length; at += pieces.at(-1)?.length ?? bytes.length)
      pieces.push(bytes.subarray(at, at + 4 + (bytes.readUInt32BE(at) & 0x7fff_ffff)))
    const [one, two, three, end] = pieces as [Buffer, Buffer, Buffer, Buffer]
    for (const other of [
      [two, one, three, end],
      [one, three, end],
      [one, two, three],
      [one, two, three, end, end],
    ]) {
      await writeFile(path, Buffer.concat([bytes.subarray(0, 25), ...other]))
      await expect(read()).rejects.toThrow(/spoilt|cut short/)
    }
  },
)

test.each(suites)('%s: facts are signed, and neither they nor what they are signed with can be changed', (suite) => {
  const said = JSON.parse(signed(key, suite, { timeline: 1 })) as { facts: object; signature: string; by?: 'sm3' }

  expect(isSigned(key, said)).toBe(true)
  expect(isSigned(key, { ...said, facts: { timeline: 2 } })).toBe(false)
  expect(isSigned(key, { ...said, by: suite === 'sm' ? undefined : 'sm3' })).toBe(false)
})
