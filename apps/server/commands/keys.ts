import { inHospital, lastRotation, listHospitals, rotateKeys, type Suite, suites } from '@renxin/server'
import { type Command, chooseHospital, PlainError, readOptions, UsageError, withHouse } from './command.ts'

const suiteNames: Record<Suite, string> = { aes: 'AES-256-GCM, HMAC-SHA-256', sm: '国密 SM4, HMAC-SM3' }

/** With this the database refuses a key while the master key is being changed (`house.add_key`). */
const NOT_NOW = '55000'

/** What `--suite` says, where it says anything. */
export function suiteSaid(said: string | undefined): Suite | undefined {
  const suite = suites.find((s) => s === said)
  if (said !== undefined && !suite) throw new UsageError(`renxin: --suite may be ${suites.join(' or ')}`)
  return suite
}

export const keysRotate: Command = {
  name: 'keys rotate',
  about:
    'Makes a new data key. Everything is sealed under it from half a minute on, what stands is sealed anew while the server works, and the old key is then removed.',
  usage: [
    '--hospital ID|NAME   one of several',
    '--suite aes|sm       from now on by AES-256-GCM and SHA-256, or by 国密 (SM4, SM3), the audit trail and the backups too; without it as before',
  ],
  run: async (words) => {
    const { values } = readOptions(words, { hospital: { type: 'string' }, suite: { type: 'string' } })
    const suite = suiteSaid(values.suite)
    await withHouse(async (house) => {
      const hospital = await chooseHospital(house, values.hospital)
      const begun = await inHospital(house, hospital.id, (ctx) => rotateKeys(house, ctx, { suite })).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === NOT_NOW) throw new PlainError(`${error.message}.`)
        throw error
      })
      if (!begun) throw new PlainError('The key before is still on its way; see how far with: npx renxin keys')
      console.log(`${hospital.name}: key ${begun.number} is made. The running server does the rest; see how far with: npx renxin keys`)
    })
  },
}

export const keysShow: Command = {
  name: 'keys',
  about: 'Says of every hospital by which suite and under which key it is sealed, and how far a new key has come.',
  usage: ['(no options) What changes something is: npx renxin keys rotate, npx renxin keys master.'],
  run: async (words) => {
    readOptions(words, {})
    await withHouse(async (house) => {
      for (const hospital of await listHospitals(house)) {
        const { key, rotation } = await inHospital(house, hospital.id, async (ctx) => ({
          key: ctx.keys.current,
          rotation: await lastRotation(ctx),
        }))
        console.log(`${hospital.id} ${hospital.name}: key ${key.number}, ${suiteNames[key.suite]}`)
        if (!rotation) continue
        const { number, startedAt, startedBy, finishedAt, resealed, place, pass } = rotation
        const since = `key ${number}, made ${startedAt.toISOString()} by ${startedBy}`
        if (finishedAt)
          console.log(`  ${since}: all ${resealed} records are under it since ${finishedAt.toISOString()}, the old keys are removed.`)
        else
          console.log(`  ${since}: ${resealed} records sealed anew, pass ${pass}${place ? `, at ${place}` : ', waits for the next pass'}.`)
      }
    })
  },
}
