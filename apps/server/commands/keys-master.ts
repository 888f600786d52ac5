import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finishMaster, wrapUnder } from '@renxin/server'
import { type Command, PlainError, readOptions, withHouse } from './command.ts'

const refusals = {
  notUnderWay: 'This is not a new master key: begin with npx renxin keys master, and run this with the new key.',
  stillUsed:
    'A process still works with the master key of before. Start every process again with the new key, wait two minutes, and run this again.',
  notWrapped: 'A key is not wrapped under the new master key yet. Run npx renxin keys master again with the old one.',
} as const

export const keysMaster: Command = {
  name: 'keys master',
  about:
    'Wraps the data keys under a new master key. Both are good until the change is finished, so that processes can be started again one after the other.',
  usage: [
    '--new-key-file FILE   where the new key stands, or is written if there is none (key.next in the data folder)',
    '--finish              run with the new key, once every process has it: the old one opens nothing any more',
  ],
  run: async (words) => {
    const { values } = readOptions(words, { 'new-key-file': { type: 'string' }, finish: { type: 'boolean', default: false } })
    await withHouse(async (_, { owner, masterKey }, config) => {
      if (values.finish) {
        const how = await finishMaster(owner, masterKey)
        if (how !== 'done') throw new PlainError(refusals[how])
        console.log(
          'The old master key opens nothing any more in this database. Make a backup now; those of before need the old key: keep it until they are gone.',
        )
        return
      }
      const path = values['new-key-file'] ?? join(config.dataDir, 'key.next')
      const count = await wrapUnder(owner, masterKey, await keyIn(path))
      console.log(
        `${count} keys are wrapped under the master key in ${path} as well. Next: put a copy in the safe, give it to every process`,
      )
      console.log(
        config.key ? '(RENXIN_KEY), start them again one after the other,' : '(as the file key of the data folder), start it again,',
      )
      console.log('and run, with the new key: npx renxin keys master --finish')
    })
  },
}

/** The key in this file; where there is none a new one is put there, for its owner alone. */
async function keyIn(path: string): Promise<Buffer> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text !== null) {
    if (!/^[0-9a-fA-F]{64}\s*$/.test(text)) throw new PlainError(`${path} does not hold a key of 64 hexadecimal digits.`)
    return Buffer.from(text.trim(), 'hex')
  }
  const made = randomBytes(32)
  await writeFile(path, `${made.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  return made
}
