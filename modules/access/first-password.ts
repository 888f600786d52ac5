const letters = 'abcdefghjkmnpqrstuvwxyz' // without those that are mistaken for each other
const digits = '23456789'

const pick = (from: string, count: number): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(count)), (n) => from.charAt(n % from.length)).join('')

/** A password for once that can be read out and has all four kinds of characters: `Mkprt-4728-wadhk`. */
export const suggestPassword = (): string => `${pick(letters, 1).toUpperCase()}${pick(letters, 4)}-${pick(digits, 4)}-${pick(letters, 5)}`
