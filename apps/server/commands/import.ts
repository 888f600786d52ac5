import { readFile, stat, writeFile } from 'node:fs/promises'
import { backfill } from '@renxin/integration'
import { type Command, chooseHospital, needed, PlainError, readOptions, UsageError, withHouse } from './command.ts'
import { progressBar } from './progress.ts'

const kinds = ['patients', 'encounters', 'staff', 'places'] as const

export const importCommand: Command = {
  name: 'import',
  about:
    'Takes the history of a hospital out of a CSV or TXT of any length: the columns are known by their names. Broken off, it is begun again; a row that is there changes nothing.',
  usage: [
    'FILE',
    `--kind KIND          ${kinds.join(', ')}`,
    '--as-of DATE         the day from which the file speaks, 2026-11-01 (default: when the file was written)',
    '--hospital ID|NAME   where there are several',
    'Rows that cannot be taken are written to FILE.failed.csv with the reason. For smaller files, and to look first, use the page 导入.',
  ],
  run: async (words) => {
    const { values, positionals } = readOptions(
      words,
      { kind: { type: 'string' }, 'as-of': { type: 'string' }, hospital: { type: 'string' } },
      1,
    )
    const [file = ''] = positionals
    const kind = kinds.find((k) => k === needed(values.kind, 'kind'))
    if (!kind) throw new UsageError(`renxin: --kind takes one of: ${kinds.join(', ')}`)
    const bytes = await readFile(file).catch((error: Error) => {
      throw new PlainError(`${file} cannot be read: ${error.message}`)
    })
    const saidAt = values['as-of'] ? new Date(`${values['as-of']}T00:00:00Z`) : (await stat(file)).mtime
    if (Number.isNaN(saidAt.getTime())) throw new UsageError('renxin: --as-of takes a day, 2026-11-01')
    await withHouse(async (house) => {
      const hospital = await chooseHospital(house, values.hospital)
      const bar = progressBar(`${hospital.shortName} ← ${file}`)
      const done = await backfill(house, hospital.id, {
        bytes,
        kind,
        saidAt,
        onProgress: (share, rows) => bar.show(share, `${rows} rows`),
      }).finally(bar.end)
      console.log(`${done.rows} rows: ${done.applied} taken, ${done.aside} no data (empty, totals), ${done.failed} not taken.`)
      if (done.failures === null) return
      await writeFile(`${file}.failed.csv`, done.failures, { mode: 0o600 })
      throw new PlainError(`The rows that were not taken are in ${file}.failed.csv, each with its reason.`)
    })
  },
}
