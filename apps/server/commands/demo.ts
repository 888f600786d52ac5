import { fillDemo, type HisDatabase } from '@renxin/seed'
import type { House } from '@renxin/server'
import { inHospital, isClosedHost, listHospitals } from '@renxin/server'
import type { Database } from '../database.ts'
import { dropDemoHis, withDemoHis } from '../demo-his.ts'
import { prepare } from '../server.ts'
import { type Command, PlainError, readOptions, UsageError, withHouse } from './command.ts'
import { progressBar } from './progress.ts'

const PATIENTS = 20_000

/** Makes the demo hospital and fills it, if there is none. */
export async function makeDemo(house: House, database: Database, patients = PATIENTS): Promise<number> {
  const { rows } = await database.owner.query(
    `insert into house.hospitals (name, short_name, time_zone, is_demo, created_at) values ('仁心示范医院', '仁心示范', 'Asia/Shanghai', true, $1) returning id`,
    [new Date()],
  )
  const id: number = rows[0].id
  await listHospitals(house)
  await inHospital(house, id, prepare)
  const { superUrl } = database
  const bar = progressBar('演示医院 demo hospital')
  try {
    const fill = (his?: HisDatabase) =>
      fillDemo(house, id, { patients, onProgress: bar.show, analyze: () => database.owner.query('analyze'), his })
    await (superUrl && isOpen(superUrl) ? withDemoHis(superUrl, fill) : fill())
  } catch (error) {
    await eraseDemo(database, id).catch((of: Error) => house.log.error({ err: of }, 'half a demo was left'))
    throw error // why it was not filled matters more than that it could not be taken away
  } finally {
    bar.end()
  }
  return id
}

/** A hospital's own database has no place for another system's, and where this machine is closed to us nothing on it is read. */
const isOpen = (superUrl: string) => !isClosedHost(decodeURIComponent(new URL(superUrl).hostname))

async function eraseDemo(database: Database, id: number): Promise<void> {
  await database.owner.query('select house.erase_demo($1)', [id])
  if (database.superUrl) await dropDemoHis(database.superUrl)
}

export const demo: Command = {
  name: 'demo',
  about: 'The demo hospital: an imaginary one with six months of work in it.',
  usage: [
    'fill                 makes it again from the start (the default)',
    'erase                removes it; refuses any other hospital',
    `--patients N         how many people (${PATIENTS})`,
  ],
  run: async (words) => {
    const [verb = 'fill', ...rest] = words[0]?.startsWith('--') ? ['fill', ...words] : words
    if (verb !== 'fill' && verb !== 'erase') throw new UsageError(`renxin: there is no "demo ${verb}"`)
    const { values } = readOptions(rest, { patients: { type: 'string', default: String(PATIENTS) } })
    const patients = Number(values.patients)
    if (!Number.isInteger(patients) || patients < 100 || patients > 2_000_000)
      throw new UsageError('renxin: --patients takes a whole number from 100 to 2000000')
    await withHouse(async (house, database) => {
      const known = (await listHospitals(house)).find((h) => h.isDemo)
      if (verb === 'erase' && !known) throw new PlainError('There is no demo hospital.')
      if (known) await eraseDemo(database, known.id)
      house.hospitals.clear()
      if (verb === 'fill') await makeDemo(house, database, patients)
      console.log(verb === 'fill' ? `The demo hospital is filled with ${patients} people.` : 'The demo hospital is erased.')
    })
  },
}
