import { formatMoment, StatusTag, Tag } from '@renxin/ui'
import type { FlagRow } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.flags

export function Severity({ flag }: { flag: Pick<FlagRow, 'severity'> }) {
  return (
    <Tag tone={flag.severity === 'emergency' ? 'danger' : flag.severity === 'urgent' ? 'warning' : 'care'} icon="flag">
      {w.severities[flag.severity]}
    </Tag>
  )
}

/** Until when it should be done; red once that has passed. */
export function Due({ flag }: { flag: Pick<FlagRow, 'dueAt' | 'isOverdue' | 'status'> }) {
  if (flag.dueAt === null) return <span>{w.atOnce}</span>
  if (flag.isOverdue) return <StatusTag tone="danger">{formatMoment(flag.dueAt)}</StatusTag>
  return <span>{formatMoment(flag.dueAt)}</span>
}

export function State({ flag }: { flag: Pick<FlagRow, 'status' | 'outcome' | 'level'> }) {
  if (flag.status === 'closed') return <StatusTag tone="success">{flag.outcome ? w.outcomes[flag.outcome] : w.states.closed}</StatusTag>
  if (flag.status === 'withdrawn') return <Tag>{w.states.withdrawn}</Tag>
  if (flag.level > 0) return <Tag tone="warning">{flag.level > 1 ? w.levels.hospital : w.levels.department}</Tag>
  return <StatusTag tone="info">{w.states.open}</StatusTag>
}
