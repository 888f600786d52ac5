import { checkIdentityCard, cleanPhone } from '@renxin/patients/contract'
import { type ColumnMapping, type ColumnProblem, type Field, type Target, targets } from '../../columns-contract.ts'
import { atNoon, momentOf } from '../sent-time.ts'
import { type Codes, meaningOf } from './codes.ts'
import { type Cell, isDamaged, plainOf, type Row, textOf, timeOf } from './values.ts'

const LONGEST = 100

/** One row under a mapping: what each field says, and what was wrong with it. */
export type Cells = {
  readonly problems: ColumnProblem[]
  /** The fields whose cell is not empty. */
  readonly said: Set<string>
  readonly codes: Codes
  /** Nothing is read into it yet. */
  asItStands(name: string): Cell
  isMapped(name: string): boolean
  text(name: string): string | undefined
  /** A number of somebody or something. One that is damaged is none, and stops the row. */
  number(name: string): string | undefined
  day(name: string): string | undefined
  moment(name: string): Date | undefined
  phone(name: string): string | undefined
  identityCard(name: string): string | undefined
  /** One of these words. */
  word<T extends string>(name: string, words: readonly T[]): T | undefined
  /** The word of the code table, else the text as it stands. */
  meaning(name: string): string | undefined
  flag(name: string): boolean | undefined
  note(name: string, code: ColumnProblem['code'], value?: string, stops?: boolean): undefined
}

export function cellsOf(target: Target, mapping: ColumnMapping, row: Row, { zone, codes }: { zone: string; codes: Codes }): Cells {
  const fields: Readonly<Record<string, Field>> = targets[target]
  const problems: ColumnProblem[] = []
  const said = new Set<string>()
  const note: Cells['note'] = (name, code, value = '', stops = false) => {
    const source = mapping[name]
    const column = source && 'column' in source ? source.column : ''
    if (!problems.some((p) => p.field === name && p.code === code))
      problems.push({ field: name, column, code, value: value.slice(0, 60), stops })
    return undefined
  }
  const cell = (name: string): Cell => {
    const source = mapping[name]
    if (!source) return undefined
    if ('constant' in source) return source.constant
    if (!Object.hasOwn(row, source.column)) note(name, 'noColumn', source.column)
    return row[source.column]
  }
  const heard = <T>(name: string, value: T | undefined): T | undefined => {
    if (value !== undefined) said.add(name)
    return value
  }
  const meaning = (name: string) => {
    const text = textOf(cell(name))
    const table = fields[name]?.codes
    return text === '' ? undefined : { text, word: table && meaningOf(codes, table, text) }
  }
  const time = (name: string) => {
    const value = cell(name)
    const found = timeOf(value)
    if (found === null) note(name, 'badDate', plainOf(value))
    return found?.day ? found : undefined
  }

  return {
    problems,
    said,
    codes,
    note,
    asItStands: cell,
    isMapped: (name) => mapping[name] !== undefined,
    text: (name) => heard(name, textOf(cell(name)) || undefined),
    number: (name) => {
      const value = cell(name)
      const plain = plainOf(value).replace(/\.0+$/, '') // 10086.0: a number that went through a column of decimals
      if (plain === '') return undefined
      if (isDamaged(value)) return note(name, 'damaged', plain, true)
      if (plain.length > LONGEST) return note(name, 'tooLong', plain, true)
      const source = mapping[name]
      const width = source && 'width' in source ? source.width : undefined
      if (width && /^\d+$/.test(plain) && plain.length < width) note(name, 'lostZeros', plain, true)
      return heard(name, plain)
    },
    day: (name) => heard(name, time(name)?.day),
    moment: (name) => {
      const found = time(name)
      return heard(name, momentOf(found, zone) ?? atNoon(found, zone))
    },
    phone: (name) => {
      const value = cell(name)
      const plain = plainOf(value)
      if (plain === '') return undefined
      if (isDamaged(value)) return note(name, 'damaged', plain)
      const whole = /^[2-9]\d{8,10}$/.test(plain) && !cleanPhone(plain) && cleanPhone(`0${plain}`) ? `0${plain}` : plain
      if (whole !== plain)
        note(name, 'lostZeros', plain) // an area code without its 0 can be mended
      else if (!cleanPhone(whole)) note(name, 'badPhone', plain)
      return heard(name, whole)
    },
    identityCard: (name) => {
      const value = cell(name)
      const plain = plainOf(value)
      if (plain === '') return undefined
      if (isDamaged(value) || (/^\d{15}0{3}$/.test(plain) && !checkIdentityCard(plain).isValid)) return note(name, 'damaged', plain)
      if (!checkIdentityCard(plain).isValid) note(name, 'badIdentityCard', plain)
      return heard(name, plain)
    },
    word: (name, words) => {
      const found = meaning(name)
      if (!found) return undefined
      const word = words.find((w) => w === found.word || w === found.text)
      if (!word) note(name, 'unknownCode', found.text)
      return heard(name, word)
    },
    meaning: (name) => {
      const found = meaning(name)
      return heard(name, found && (found.word ?? found.text))
    },
    flag: (name) => {
      const found = meaning(name)
      if (found && found.word !== 'yes' && found.word !== 'no') note(name, 'unknownCode', found.text)
      return found?.word === 'yes' ? true : found?.word === 'no' ? false : undefined
    },
  }
}
