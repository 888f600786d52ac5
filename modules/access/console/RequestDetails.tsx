import { Description, Drawer, formatCount, formatFull, StatusTag, type Tone } from '@renxin/ui'
import type { ReactNode } from 'react'
import type { ExportRequest } from '../contract.ts'
import { words } from '../words.ts'

const t = words.exporting

const tones: Record<ExportRequest['state'], Tone> = {
  waiting: 'warning',
  released: 'success',
  refused: 'danger',
  taken: 'plain',
  lapsed: 'plain',
}

export const StateTag = ({ of: { state } }: { of: ExportRequest }) => <StatusTag tone={tones[state]}>{t.release.state[state]}</StatusTag>

/** What was asked, in words. */
export const filtersOf = ({ filters }: Pick<ExportRequest, 'filters'>): string =>
  filters.map(([name, value]) => `${name}：${value}`).join('；') || t.noFilters

/** What would leave, who asks for it and why, and what became of it. */
export function RequestDetails({ of, onClose, footer }: { of: ExportRequest; onClose: () => void; footer?: ReactNode }) {
  return (
    <Drawer title={t.release.detail} onClose={onClose} footer={footer}>
      <Description
        items={[
          { label: words.state, value: t.release.state[of.state] },
          { label: words.at, value: formatFull(of.at) },
          { label: words.who, value: of.actorName },
          { label: t.kind, value: of.title },
          { label: t.rows, value: formatCount(of.rows) },
          { label: t.format, value: t.formats[of.format] },
          { label: words.reason, value: of.reason, wide: true },
          { label: t.filters, value: filtersOf(of), wide: true },
          { label: t.release.columns, value: `${of.columns.join('、')}${of.isPlain ? `（${t.release.plain}）` : ''}`, wide: true },
          { label: t.release.decidedBy, value: of.decidedByName },
          { label: t.release.until, value: of.takeUntil && formatFull(of.takeUntil) },
          { label: t.release.decision, value: of.decision, wide: true },
          { label: t.serial, value: of.serial },
        ]}
      />
    </Drawer>
  )
}
