import { encodeMessage } from './encode.ts'
import type { Message, Segment } from './message.ts'

export type Outcome = 'accepted' | 'error' | 'rejected'
export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR'
export type ReplyMode = 'auto' | 'original' | 'enhanced'

const original = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const
const enhanced = { accepted: 'CA', error: 'CE', rejected: 'CR' } as const

/**
 * The acknowledgements that a message asks for (HL7 v2.5, 2.9). Without MSH-15 and MSH-16: the original mode, one answer.
 * With either: the accept acknowledgement as MSH-15 says, the application's only where MSH-16 asks for it.
 */
export function acksFor(message: Message, outcome: Outcome, mode: ReplyMode = 'auto'): AckCode[] {
  const asked = (path: string) => message.get(path)?.trim() || undefined // some senders fill with blanks, and wait
  const accept = asked('MSH-15.1')
  const application = asked('MSH-16.1')
  const isEnhanced = mode === 'enhanced' || (mode === 'auto' && (accept !== undefined || application !== undefined))
  if (!isEnhanced) return [original[outcome]]
  const codes: AckCode[] = []
  if (isAsked(accept ?? (mode === 'enhanced' ? 'AL' : undefined), outcome)) codes.push(enhanced[outcome])
  if (isAsked(application, outcome)) codes.push(original[outcome])
  return codes
}

/** HL7 table 0155. */
function isAsked(condition: string | undefined, outcome: Outcome): boolean {
  switch (condition) {
    case 'AL':
      return true
    case 'ER':
      return outcome !== 'accepted'
    case 'SU':
      return outcome === 'accepted'
    default:
      return false
  }
}

export type AckOptions = {
  code: AckCode
  /** MSH-10 of the answer itself. */
  controlId: string
  /** MSH-7, as `20251101093012+0800`. */
  sentAt: string
  /** MSA-3, for a person who looks at the wire. */
  text?: string
}

/** An answer to a message: its MSH turned round, its control id in MSA-2. `undefined` answers bytes in which no header was found. */
export function buildAck(message: Message | undefined, { code, controlId, sentAt, text }: AckOptions): string {
  const whole = (field: number) => message?.first('MSH')?.first(field)?.components.slice()
  const event = message?.event
  return encodeMessage([
    [
      'MSH',
      whole(5) ?? 'RENXIN',
      whole(6),
      whole(3),
      whole(4),
      sentAt,
      undefined,
      event ? ['ACK', event, 'ACK'] : 'ACK',
      controlId,
      message?.get('MSH-11.1') ?? 'P',
      message?.version || '2.5',
      ...(message?.get('MSH-18.1') ? [undefined, undefined, undefined, undefined, undefined, message.get('MSH-18.1')] : []),
    ],
    ['MSA', code, message?.controlId, text],
  ])
}

/** What an answer says. */
export function readAck(message: Message): { code: string; controlId: string; text: string | undefined } {
  return { code: message.get('MSA-1.1') ?? '', controlId: message.get('MSA-2.1') ?? '', text: message.get('MSA-3') }
}

/**
 * The answers to a batch, as a batch: its headers turned round, naming the batch and the file that they answer. `acks` are the texts of the answers
 * in the order of the messages; none where none was asked for, and then there is nothing to send.
 */
export function buildBatchAck(
  envelope: readonly Segment[],
  acks: readonly string[],
  { controlId, sentAt }: Pick<AckOptions, 'controlId' | 'sentAt'>,
): string {
  if (acks.length === 0) return ''
  const turned = (name: 'FHS' | 'BHS'): string => {
    const said = envelope.find((s) => s.name === name)
    if (!said) return ''
    const whole = (field: number) => said.first(field)?.components.slice()
    return encodeMessage([
      [name, whole(5) ?? 'RENXIN', whole(6), whole(3), whole(4), sentAt, undefined, undefined, undefined, controlId, said.get(11)],
    ])
  }
  const [file, batch] = [turned('FHS'), turned('BHS')]
  const closing = [...(batch ? [['BTS', String(acks.length)] as const] : []), ...(file ? [['FTS', '1'] as const] : [])]
  return `${file}${batch}${acks.join('')}${encodeMessage(closing)}`
}
