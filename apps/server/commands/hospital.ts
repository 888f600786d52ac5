import { inHospital, listHospitals, makeFirstKeys, oneTransaction } from '@renxin/server'
import { prepare } from '../server.ts'
import { type Command, needed, PlainError, readOptions, withHouse } from './command.ts'
import { suiteSaid } from './keys.ts'

export const hospitalCreate: Command = {
  name: 'hospital create',
  about: 'Makes a hospital with its roles, questionnaires and programmes.',
  usage: [
    '--name NAME        its full name',
    '--short NAME       a short one for the top of the page',
    '--zone ZONE        its time zone (TZ, else Asia/Shanghai)',
    '--suite aes|sm     sealed and found by AES and SHA-256 (usual), or by 国密 SM4 and SM3',
  ],
  run: async (words) => {
    const { values } = readOptions(words, {
      name: { type: 'string' },
      short: { type: 'string' },
      zone: { type: 'string' },
      suite: { type: 'string' },
    })
    const name = needed(values.name, 'name')
    const suite = suiteSaid(values.suite) ?? 'aes'
    await withHouse(async (house, database, config) => {
      const known = (await listHospitals(house)).find((h) => h.name === name)
      if (known) throw new PlainError(`There is a hospital of that name already: ${known.id}.`)
      const id = await oneTransaction(database.owner, async (client) => {
        const { rows } = await client.query(
          'insert into house.hospitals (name, short_name, time_zone, created_at) values ($1, $2, $3, $4) returning id',
          [name, values.short ?? name, values.zone ?? config.zone, new Date()],
        )
        await makeFirstKeys(client, database.masterKey, rows[0].id, suite) // before a server that works here meets it, and makes it keys of the usual suite
        return rows[0].id
      })
      await listHospitals(house)
      await inHospital(house, id, prepare)
      console.log(`Made hospital ${id}: ${name}. Next: npx renxin user create --hospital ${id} --name …`)
    })
  },
}
