import type { RecordFile } from '@renxin/encounters'
import type { Repetition, Segment } from '@renxin/hl7'

/** The text of OBX-5, whatever its type: coded values by their words, several as a list. `null` where nothing is said. */
export function valueTextOf(line: Segment): string | null {
  const type = line.get(2, 1) ?? ''
  const texts = line.repetitions(5).flatMap((value) => oneText(type, value) ?? [])
  return texts.length > 0 ? texts.join(type === 'TX' || type === 'FT' ? '\n' : '、') : null
}

function oneText(type: string, value: Repetition): string | undefined {
  switch (type) {
    case 'CE':
    case 'CWE':
    case 'CNE':
    case 'CF':
      return value.get(2)?.trim() || value.get(1)?.trim() || undefined
    case 'SN':
      return ([1, 2, 3, 4] as const).map((at) => value.get(at) ?? '').join('') || undefined
    case 'XCN':
    case 'XPN':
    case 'PN':
      return (
        value.components
          .map((_, at) => value.get(at + 1) ?? '')
          .join(' ')
          .trim() || undefined
      )
    default:
      return (
        value.components
          .map((_, at) => value.whole(at + 1) ?? '')
          .join('^')
          .replace(/\^+$/, '')
          .trim() || undefined
      )
  }
}

/** Lines of text, one below the other; `\.br\` and its like have become line ends. */
export const textOfObservations = (lines: readonly Segment[]): string =>
  lines
    .flatMap((s) => valueTextOf(s) ?? [])
    .map(asLines)
    .join('\n')
    .trim()

/** Sequences of formatted text (HL7 v2.5, 2.7.6): a break for those that move to another line, nothing for the others. */
const asLines = (text: string): string => text.replace(/\\\.(?:br|sp|ce)[-+\d]*\\/g, '\n').replace(/\\\.(?:in|ti|fi|nf|sk)[-+\d]*\\/g, '')

/** A file in base64 (ED), and a page that can be opened (RP), where there are such among these lines. */
export function attachmentOf(lines: readonly Segment[], title: string): { file?: RecordFile; link?: string } {
  const file = lines.filter((s) => s.get(2, 1) === 'ED').flatMap((s) => fileOf(s, title) ?? [])[0]
  const link = lines.filter((s) => s.get(2, 1) === 'RP').flatMap((s) => linkOf(s) ?? [])[0]
  return { ...(file && { file }), ...(link && { link }) }
}

function fileOf(line: Segment, title: string): RecordFile | undefined {
  const value = line.first(5)
  const data = value?.get(5)
  if (!value || !data || value.get(4)?.toLowerCase() !== 'base64') return undefined
  const bytes = Buffer.from(data.replace(/\\X[\dA-Fa-f]+\\|\\\.br\\|\s/g, ''), 'base64')
  if (bytes.length === 0) return undefined
  const { type, ending } = kindOfFile(bytes, `${value.get(2) ?? ''} ${value.get(3) ?? ''}`.toLowerCase())
  return {
    name: `${
      title
        .replace(/[\\/:*?"<>|\s]+/g, ' ')
        .trim()
        .slice(0, 80) || 'file'
    }.${ending}`,
    type,
    bytes,
  }
}

/** What the bytes are: senders write `application^pdf`, `AP^PDF`, `TEXT^PDF` for one and the same. */
function kindOfFile(bytes: Buffer, said: string): { type: string; ending: string } {
  const head = bytes.subarray(0, 8).toString('latin1')
  if (head.startsWith('%PDF')) return { type: 'application/pdf', ending: 'pdf' }
  if (head.startsWith('\x89PNG')) return { type: 'image/png', ending: 'png' }
  if (head.startsWith('\xff\xd8\xff')) return { type: 'image/jpeg', ending: 'jpg' }
  if (/pdf/.test(said)) return { type: 'application/pdf', ending: 'pdf' }
  if (/html/.test(said)) return { type: 'text/html', ending: 'html' }
  if (/rtf/.test(said)) return { type: 'application/rtf', ending: 'rtf' }
  return /plain|text/.test(said) ? { type: 'text/plain', ending: 'txt' } : { type: 'application/octet-stream', ending: 'bin' }
}

function linkOf(line: Segment): string | undefined {
  const value = line.first(5)
  return [value?.whole(1), value?.whole(2)].find((part) => part !== undefined && /^https?:\/\/[^\s"'<>]+$/i.test(part))
}
