import { StatusTag } from '@renxin/ui'
import type { ReportCard } from '../../records-contract.ts'
import { words } from '../../words.ts'

const tones = { registered: 'plain', preliminary: 'info', final: 'success', corrected: 'warning', cancelled: 'plain' } as const

export const ReportStatus = ({ report: { status } }: { report: Pick<ReportCard, 'status'> }) => (
  <StatusTag tone={tones[status]}>{words.records.reportStatus[status]}</StatusTag>
)
