import { type CodeTable, codeTables, type FieldName, type Profile, placeGroups, usualPlaces } from '../contract.ts'
import { isOwnName, type OwnName } from '../own-fields-contract.ts'

/** What a sender's profile says, for a form: each place and table by itself. Whatever else stands in it (remarks) is kept. */

const _fields: readonly FieldName[] = Object.values(placeGroups).flat()

/** `undefined`: as by the standard. `null`: this sender does not say it. */
export function placeIn(profile: Profile, field: FieldName | OwnName): string | null | undefined {
  const said = profile[field]
  if (said === null || said === '') return null
  return typeof said === 'string' ? said : undefined
}

export function withPlace(profile: Profile, field: FieldName | OwnName, place: string | null | undefined): Profile {
  const { [field]: _, ...rest } = profile
  return place === undefined || (!isOwnName(field) && place === usualPlaces[field]) ? rest : { ...rest, [field]: place }
}

export const codesIn = (profile: Profile, table: CodeTable | OwnName): Record<string, string> => {
  const tables = isRecord(profile.codes) ? profile.codes : {}
  const own = tables[table]
  return Object.fromEntries(Object.entries(isRecord(own) ? own : {}).map(([code, meaning]) => [code, String(meaning)]))
}

export function withCodes(profile: Profile, table: CodeTable | OwnName, codes: Readonly<Record<string, string>>): Profile {
  const { [table]: _, ...others } = isRecord(profile.codes) ? profile.codes : {}
  const tables = Object.keys(codes).length > 0 ? { ...others, [table]: codes } : others
  const { codes: __, ...rest } = profile
  return Object.keys(tables).length > 0 ? { ...rest, codes: tables } : rest
}

export const withCode = (profile: Profile, table: CodeTable, code: string, meaning: string): Profile =>
  withCodes(profile, table, { ...codesIn(profile, table), [code]: meaning })

export const codesWritten = (profile: Profile): number =>
  [...codeTables, ...(isRecord(profile.codes) ? Object.keys(profile.codes).filter(isOwnName) : [])].reduce(
    (n, table) => n + Object.keys(codesIn(profile, table)).length,
    0,
  )

/** Whether two say the same; the database keeps the names in an order of its own. */
export const isSame = (a: Profile, b: Profile): boolean => inOrder(a) === inOrder(b)

const inOrder = (profile: Profile): string =>
  JSON.stringify(profile, (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  )

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
