import type { OrderFacts, OrderKind } from '@renxin/encounters'
import type { Condition, NursingLevel } from '@renxin/encounters/contract'
import type { Message } from '@renxin/hl7'
import { codedAt, textAt } from './mapping.ts'
import { commonOf, numberless, type RecordReading, type RecordSaid } from './records.ts'
import { beginsOrder } from './translate-report.ts'
import { nursingWord, staffAt } from './translate-visit.ts'
import { given, groupsOf, momentIn, numberIn, wordsAt, wordsOf } from './values.ts'

type Order = Omit<OrderFacts, 'patientId'>

/** ORM, OML, OMG, OMP, RDE: what was ordered, changed or stopped. One for each ORC. */
export function ordersOf(message: Message, reading: RecordReading): RecordSaid[] {
  return groupsOf(message, beginsOrder).map((group, index) => orderOf(group, index, reading))
}

function orderOf(message: Message, index: number, reading: RecordReading): Order {
  const { mapping } = reading
  return given({
    is: 'order' as const,
    ...commonOf(message, reading),
    number: numberIn(textAt(message, mapping, 'orderNumber')) ?? numberless(message, index),
    kind: kindOf(message, reading),
    status: statusOf(message),
    name: wordsAt(message, mapping, 'orderName'),
    code: codedAt(message, mapping, 'orderName')?.code,
    orderedAt: momentIn(message.get('ORC-9.1') ?? message.get('OBR-6.1') ?? message.get('TQ1-7.1'), reading, 'ORC-9'),
    endsAt: momentIn(message.get('TQ1-8.1') ?? message.get('ORC-7.5'), reading, 'TQ1-8'),
    author: staffAt(message, mapping, 'orderAuthor'),
    instruction: instructionOf(message),
  })
}

const kinds = ['laboratory', 'imaging', 'medication', 'nursing', 'procedure', 'other'] as const satisfies readonly OrderKind[]
const byType: Readonly<Record<string, OrderKind>> = { OML: 'laboratory', OMP: 'medication', RDE: 'medication', OMI: 'imaging' }

function kindOf(message: Message, { mapping }: RecordReading): OrderKind {
  const table = mapping.codes.get('order')
  const service = codedAt(message, mapping, 'orderKind')
  const item = codedAt(message, mapping, 'orderName')
  for (const said of [item?.code, item?.text, service?.code, service?.code.toUpperCase(), service?.text]) {
    const kind = said === undefined ? undefined : kinds.find((k) => k === table?.get(said))
    if (kind) return kind
  }
  if (careOf(item?.text ?? '')) return 'nursing'
  if (message.first('RXO') || message.first('RXE')) return 'medication'
  if (/护理|饮食|病危|病重/.test(item?.text ?? '')) return 'nursing'
  if (/手术|切除|置换/.test(item?.text ?? '')) return 'procedure'
  return byType[message.type] ?? 'other'
}

/** ORC-1 (HL7 table 0119); where that says nothing of the state, ORC-5 (table 0038). */
function statusOf(message: Message): OrderFacts['status'] {
  const said = message.get('ORC-1.1')?.trim().toUpperCase() ?? ''
  if (['CA', 'OC', 'CR', 'UC'].includes(said)) return 'cancelled'
  if (['DC', 'OD', 'DR'].includes(said)) return 'stopped'
  if (['HD', 'OH', 'HR'].includes(said)) return 'held'
  switch (message.get('ORC-5.1')?.trim().toUpperCase()) {
    case 'CA':
      return 'cancelled'
    case 'DC':
    case 'RP':
      return 'stopped'
    case 'HD':
      return 'held'
    case 'CM':
      return 'completed'
  }
  return said === 'RE' ? 'completed' : 'active'
}

/** Dose, route and how often, as they stand side by side on an order sheet. */
function instructionOf(message: Message): string | undefined {
  const [rx, field] = message.first('RXE') ? [message.first('RXE'), 3] : [message.first('RXO'), 2]
  const dose = [rx?.get(field, 1), wordsOf(rx?.first(field + 2))].filter(Boolean).join(' ')
  const route = wordsOf(message.first('RXR')?.first(1))
  const often = message.get('TQ1-3.1') ?? message.first('ORC')?.first(7)?.get(2) ?? message.first('RXE')?.first(1)?.get(2)
  const words = [dose, route, often, wordsOf(rx?.first(message.first('RXE') ? 7 : 6))].filter(Boolean)
  return words.length > 0 ? words.join(' ') : undefined
}

/** `一级护理`, `Ⅱ级护理常规`, `病危通知`: what an order says of the level of nursing or of the condition. */
function careOf(name: string): { nursingLevel: NursingLevel } | { condition: Condition } | undefined {
  const plain = name.normalize('NFKC').replace(/\s/g, '')
  if (/^病危(?:通知)?$/.test(plain)) return { condition: '病危' }
  if (/^病重(?:通知)?$/.test(plain)) return { condition: '病重' }
  const level = /^(特级?|[一二三123]级?|I{1,3}级?)护理(?:常规)?$/.exec(plain)?.[1]
  const word = level && nursingWord(/级$/.test(level) ? level : `${level}级`)
  return word === '特级' || word === '一级' || word === '二级' || word === '三级' ? { nursingLevel: word } : undefined
}

export type Care = { nursingLevel?: NursingLevel; condition?: Condition; at: Date | undefined }

/** Nursing level and condition come as long-term orders in most hospitals. Stopping 病危 makes the condition 一般; a level ends when the next begins. */
export function careOrdered(message: Message, reading: RecordReading): Care | undefined {
  let care: Care | undefined
  for (const group of groupsOf(message, beginsOrder)) {
    const found = codedAt(group, reading.mapping, 'orderName')
    const level =
      found && (reading.mapping.codes.get('nursing')?.get(found.code) ?? reading.mapping.codes.get('condition')?.get(found.code))
    const said = found && (careOf(level ?? '') ?? careOf(`${level}护理`) ?? careOf(found.text))
    if (!said) continue
    const status = statusOf(group)
    const isOver = status === 'stopped' || status === 'cancelled'
    if (isOver && !('condition' in said)) continue
    const at = momentIn(group.get(isOver ? 'ORC-15.1' : 'ORC-9.1') ?? group.get('ORC-9.1'), reading, 'ORC-9')
    care = { ...care, ...(isOver ? { condition: '一般' as const } : said), at }
  }
  return care
}
