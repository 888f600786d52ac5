import type { DocumentFacts } from '@renxin/encounters'
import type { Message } from '@renxin/hl7'
import { codedAt, textAt } from './mapping.ts'
import { attachmentOf, textOfObservations } from './observations.ts'
import { commonOf, numberless, type RecordReading } from './records.ts'
import { staffAt } from './translate-visit.ts'
import { given, momentIn, numberIn, wordsAt } from './values.ts'

export type DocumentSaid = Omit<DocumentFacts, 'patientId'>

/** MDM T01–T11: a document of the record, its later states, and with the even events its content. */
export function documentOf(message: Message, reading: RecordReading): DocumentSaid | undefined {
  if (!message.first('TXA')) return undefined
  const { mapping } = reading
  const lines = message.all('OBX')
  const title = wordsAt(message, mapping, 'documentType')
  const text = textOfObservations(lines.filter((s) => !['ED', 'RP', 'HD', 'UI'].includes(s.get(2, 1) ?? '')))
  const { file } = attachmentOf(lines, title ?? 'document')
  return given({
    is: 'document' as const,
    ...commonOf(message, reading),
    number: numberIn(textAt(message, mapping, 'documentNumber')) ?? numberless(message, 0),
    status: statusOf(message),
    code: codedAt(message, mapping, 'documentType')?.code,
    title,
    writtenAt: momentIn(message.get('TXA-4.1') ?? message.get('TXA-6.1') ?? message.get('TXA-7.1'), reading, 'TXA-4'),
    author: staffAt(message, mapping, 'documentAuthor'),
    text: text || undefined,
    file,
    replaces: message.event === 'T09' || message.event === 'T10' ? numberIn(message.get('TXA-13.1')) : undefined,
  })
}

/** T11 cancels, and so does a document that is said to be withdrawn or obsolete (TXA-19, HL7 table 0273). */
function statusOf(message: Message): DocumentFacts['status'] {
  const availability = message.get('TXA-19.1')?.trim().toUpperCase() ?? ''
  if (message.event === 'T11' || ['CA', 'OB'].includes(availability)) return 'cancelled'
  return ['T05', 'T06', 'T07', 'T08'].includes(message.event) ? 'amended' : 'current'
}

/** The text of a discharge summary belongs to the stay, too; `null` where it is withdrawn. */
export function summaryIn(message: Message, { mapping }: RecordReading, document: DocumentSaid): string | null | undefined {
  const type = codedAt(message, mapping, 'documentType')
  const meaning = type && (mapping.codes.get('document')?.get(type.code) ?? mapping.codes.get('document')?.get(type.text))
  const isSummary = meaning ? meaning === 'summary' : /出院小结|出院记录|discharge summary/i.test(type?.text ?? '')
  if (!isSummary) return undefined
  return document.status === 'cancelled' ? null : (document.text ?? undefined)
}
