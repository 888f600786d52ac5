import { readConfig } from '../config.ts'
import { openDatabase } from '../database.ts'
import { type Command, readOptions } from './command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'Brings the schema of the database up to date.',
  usage: ['(no options) The server does this by itself at every start.'],
  run: async (words) => {
    readOptions(words, {})
    const database = await openDatabase(readConfig(), { as: 'command' })
    const { rows } = await database.owner.query('select count(*)::int as n from public.renxin_migrations')
    console.log(`The schema is up to date: ${rows[0].n} migrations applied.`)
    await database.close()
  },
}
