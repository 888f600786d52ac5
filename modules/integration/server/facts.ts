import type { Fact } from '../contract.ts'
import type { Translation } from './translate.ts'

type Said = Pick<Translation, 'person' | 'visit'>

/** What a translation says, one line each. */
export const factsOf = ({ person, visit }: Said): Fact[] => [...linesOf('patient', person), ...linesOf('encounter', visit)]

const linesOf = (about: Fact['about'], facts: object | undefined): Fact[] =>
  Object.entries(facts ?? {}).map(([field, value]) => ({ about, field, value: textOf(field === 'address' ? wholeOf(value) : value) }))

/** An address is told whole and, for maps, by its district. */
const wholeOf = (address: unknown) => (typeof address === 'object' && address !== null && 'full' in address ? address.full : address)

function textOf(value: unknown): string {
  if (value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(textOf).join('；')
  return Object.values(value)
    .filter((v) => v !== undefined && v !== null && v !== '')
    .map(textOf)
    .join(' ')
}
