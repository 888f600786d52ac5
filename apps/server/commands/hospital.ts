import { inHospital, listHospitals } from '@renxin/server'
import { prepare } from '../server.ts'
import { type Command, needed, PlainError, readOptions, withHouse } from './command.ts'

export const hospitalCreate: Command = {
  name: 'hospital create',
  about: 'Makes a hospital with its roles, questionnaires and programmes.',
  usage: [
    '--name NAME        its full name',
    '--short NAME       a short one for the top of the page',
    '--zone ZONE        its time zone (TZ, else Asia/Shanghai)',
  ],
  run: async (words) => {
    const { values } = readOptions(words, { name: { type: 'string' }, short: { type: 'string' }, zone: { type: 'string' } })
    const name = needed(values.name, 'name')
    await withHouse(async (house, database, config) => {
      const known = (await listHospitals(house)).find((h) => h.name === name)
      if (known) throw new PlainError(`There is a hospital of that name already: ${known.id}.`)
      const { rows } = await database.owner.query(
        'insert into house.hospitals (name, short_name, time_zone, created_at) values ($1, $2, $3, $4) returning id',
        [name, values.short ?? name, values.zone ?? config.zone, new Date()],
      )
      await listHospitals(house)
      await inHospital(house, rows[0].id, prepare)
      console.log(`Made hospital ${rows[0].id}: ${name}. Next: npx renxin user create --hospital ${rows[0].id} --name …`)
    })
  },
}
