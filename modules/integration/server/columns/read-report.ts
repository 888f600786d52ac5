import type { ReportFacts, ReportItemFact, ReportKind, ReportStatus } from '@renxin/encounters'
import type { Cells } from './cells.ts'
import { type Setting, said, staffOf } from './reading.ts'

const kinds: readonly ReportKind[] = ['laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other']
const statuses: readonly ReportStatus[] = ['registered', 'preliminary', 'final', 'corrected', 'cancelled']

/** A report, or one line of one: `applyRows` puts the lines of a report together. */
export function readReport(cells: Cells, setting: Setting): Omit<ReportFacts, 'patientId'> | undefined {
  const { sourceAt, source = '', isDeleted } = setting
  const number = cells.number('reportNumber')
  if (!number) return cells.note('reportNumber', 'missing', '', true)
  const item = itemOf(cells)
  return {
    is: 'report',
    source,
    number,
    sourceAt,
    kind: cells.word('kind', kinds) ?? (item ? 'laboratory' : 'other'),
    status: isDeleted ? 'cancelled' : (cells.word('status', statuses) ?? 'final'),
    ...said({
      visitNumber: cells.number('visitNumber'),
      departmentCode: cells.number('departmentCode'),
      departmentName: cells.text('departmentName'),
      title: cells.text('title'),
      code: cells.number('code'),
      orderNumber: cells.number('orderNumber'),
      accessionNumber: cells.number('accessionNumber'),
      observedAt: cells.moment('observedAt'),
      reportedAt: cells.moment('reportedAt'),
      author: staffOf(cells, 'author'),
      findings: cells.text('findings'),
      conclusion: cells.text('conclusion'),
      link: cells.text('link'),
      items: item ? [item] : undefined,
    }),
  }
}

function itemOf(cells: Cells): ReportItemFact | undefined {
  const name = cells.text('itemName') ?? cells.text('itemCode')
  if (!name) return undefined
  const value = cells.text('itemValue') ?? null
  const amount = Number(
    value
      ?.normalize('NFKC')
      .replace(/[↑↓HL]+$/, '')
      .trim() || Number.NaN,
  )
  const mark = flagOf(cells.text('itemFlag') ?? /[↑↓]/.exec(value ?? '')?.[0])
  return {
    code: cells.number('itemCode') ?? null,
    name,
    value,
    amount: Number.isFinite(amount) ? amount : null,
    unit: cells.text('itemUnit') ?? null,
    range: cells.text('itemRange') ?? null,
    flag: cells.flag('critical') ? (mark?.startsWith('L') ? 'LL' : mark?.startsWith('H') ? 'HH' : 'AA') : mark,
    observedAt: cells.moment('observedAt') ?? null,
  }
}

/** HL7 table 0078. */
const flags: Readonly<Record<string, string>> = {
  '↑': 'H',
  '↓': 'L',
  '↑↑': 'HH',
  '↓↓': 'LL',
  高: 'H',
  低: 'L',
  偏高: 'H',
  偏低: 'L',
  异常: 'A',
  阳性: 'A',
  正常: 'N',
  阴性: 'N',
  '+': 'A',
  '-': 'N',
}

const flagOf = (text: string | undefined): string | null => {
  if (!text) return null
  const plain = text.normalize('NFKC').trim().toUpperCase()
  return flags[plain] ?? (/^(?:H|L|HH|LL|A|AA|N)$/.test(plain) ? plain : null)
}
