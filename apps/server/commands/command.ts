import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type Context, type Hospital, type House, inHospital, listHospitals } from '@renxin/server'
import { type Config, readConfig } from '../config.ts'
import { type Database, openDatabase } from '../database.ts'
import { houseOn } from '../server.ts'

export type Command = {
  name: string
  about: string
  /** The words and options after the name, one a line. */
  usage: readonly string[]
  run(words: string[]): Promise<void>
}

export class UsageError extends Error {}
/** A failure whose message says what happened and what to do; no stack is shown. */
export class PlainError extends Error {
  override name = 'PlainError'
}

export const usageOf = (c: Command): string =>
  [`Usage: npx renxin ${c.name}`, '', c.about, '', ...c.usage.map((line) => `  ${line}`)].join('\n')

export function readOptions<T extends ParseArgsOptionsConfig>(words: string[], options: T, wantsWords = 0) {
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: wantsWords > 0 })
    if (positionals.length !== wantsWords) throw new Error(`expected ${wantsWords} word(s), got ${positionals.length}`)
    return { values, positionals }
  } catch (error) {
    throw new UsageError(`renxin: ${error instanceof Error ? error.message : error}`)
  }
}

export const needed = (value: string | boolean | undefined, option: string): string => {
  if (typeof value !== 'string' || value === '') throw new UsageError(`renxin: --${option} is missing`)
  return value
}

/** Works on the database of a running server as well as of a stopped one. */
export async function withHouse<T>(work: (house: House, database: Database, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig()
  const database = await openDatabase(config, { as: 'command' })
  try {
    return await work(houseOn(database, config), database, config)
  } finally {
    await database.close()
  }
}

/** The hospital that `--hospital` names by number or name; without it the only one, or the only one that is no demo. */
export async function chooseHospital(house: House, said: string | undefined): Promise<Hospital> {
  const all = await listHospitals(house)
  const real = all.filter((h) => !h.isDemo)
  const found = said
    ? all.find((h) => h.name === said || String(h.id) === said)
    : all.length === 1
      ? all[0]
      : real.length === 1
        ? real[0]
        : undefined
  if (found) return found
  const names = all.map((h) => `${h.id} ${h.name}`).join(', ')
  if (all.length === 0) throw new PlainError('There is no hospital yet. Make one with: npx renxin hospital create --name …')
  throw new PlainError(
    said ? `There is no hospital "${said}". There are: ${names}.` : `There are several hospitals; say which with --hospital: ${names}.`,
  )
}

export const atHospital = <T>(said: string | undefined, work: (ctx: Context) => Promise<T>): Promise<T> =>
  withHouse(async (house) => inHospital(house, (await chooseHospital(house, said)).id, work))
