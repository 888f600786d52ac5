import { isUtf8 } from 'node:buffer'

/** The five characters that a message names in MSH-1 and MSH-2. The sixth of version 2.7 marks a text cut short and separates nothing. */
export type Delimiters = {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
}

export const usualDelimiters: Delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' }

/** The delimiters of a header line (MSH, BHS, FHS). What it leaves out is as usual. */
export function delimitersOf(header: string): Delimiters {
  const field = header[3] ?? '|'
  const end = header.indexOf(field, 4)
  const said = header.slice(4, end < 0 ? Math.min(header.length, 9) : Math.min(end, 9))
  if (field === '|' && said === '^~\\&') return usualDelimiters
  const at = (index: number, usual: string) => said[index] ?? usual
  return { field, component: at(0, '^'), repetition: at(1, '~'), escape: at(2, '\\'), subcomponent: at(3, '&') }
}

/** Text as a person reads it (HL7 v2.5, 2.7). Sequences that say nothing about characters (`\.in\`, `\C2D41\`, `\P\`, `\Z99\`) stay as they are. */
export function unescapeText(text: string, d: Delimiters = usualDelimiters): string {
  let from = text.indexOf(d.escape)
  if (from < 0) return text
  let out = ''
  let done = 0 // up to here `out` has it
  let isSwitched = false
  while (from >= 0) {
    const to = text.indexOf(d.escape, from + 1)
    if (to < 0) break
    const code = text.slice(from + 1, to)
    const meant = meaningOf(code, d)
    if (meant === undefined && !/^[.CMPZ]/.test(code)) {
      from = to // a lone escape character, as in a file's path: the next one may begin a sequence
      continue
    }
    const next = text.indexOf(d.escape, to + 1)
    if (code === CHINESE || (code === LATIN && isSwitched)) {
      isSwitched = code === CHINESE
      const end = next < 0 ? text.length : next
      out += text.slice(done, from) + inSet(isSwitched, text.slice(to + 1, end))
      done = end
    } else if (meant !== undefined) {
      out += text.slice(done, from) + meant
      done = to + 1
    }
    from = next
  }
  return done === 0 ? text : out + text.slice(done)
}

/** Switches of the character set (ISO 2022, HL7 v2.5, 2.7.2): GB 2312 from here on, and back to ASCII where it was left. Others stand as they are. */
const CHINESE = 'M2441'
const LATIN = 'C2842'

/** Characters of GB 2312 in seven bits, two letters each. What is none stays as it is. */
function inSet(isChinese: boolean, text: string): string {
  if (!isChinese || text.length % 2 === 1 || !/^[!-~]*$/.test(text)) return text
  return new TextDecoder('gb18030').decode(Buffer.from(text, 'latin1').map((byte) => byte | 0x80))
}

function meaningOf(code: string, d: Delimiters): string | undefined {
  switch (code) {
    case 'F':
      return d.field
    case 'S':
      return d.component
    case 'T':
      return d.subcomponent
    case 'R':
      return d.repetition
    case 'E':
      return d.escape
    case 'H':
    case 'N':
      return '' // highlighting begins and ends
    case '.br':
      return '\n'
  }
  if (code[0] !== 'X' || code.length < 3 || code.length % 2 === 0 || !/^X[0-9A-Fa-f]+$/.test(code)) return undefined
  const bytes = Buffer.from(code.slice(1), 'hex')
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('gb18030').decode(bytes)
}

/** Text as it may stand in a field: `unescapeText(escapeText(text))` is `text`, with its line ends made one kind. */
export function escapeText(text: string, d: Delimiters = usualDelimiters): string {
  let out = ''
  let done = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string // within the length
    let code: string | undefined
    if (char === d.escape) code = 'E'
    else if (char === d.field) code = 'F'
    else if (char === d.component) code = 'S'
    else if (char === d.subcomponent) code = 'T'
    else if (char === d.repetition) code = 'R'
    else if (char === '\n' || char === '\r') code = '.br'
    else if (char < ' ') code = `X${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
    if (code === undefined) continue
    out += `${text.slice(done, i)}${d.escape}${code}${d.escape}`
    if (char === '\r' && text[i + 1] === '\n') i += 1
    done = i + 1
  }
  return done === 0 ? text : out + text.slice(done)
}
