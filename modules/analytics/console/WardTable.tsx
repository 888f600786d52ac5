import { Column, colours, formatCount, formatNps, formatPercent, Panel, Row, Table } from '@renxin/ui'
import type { Dashboard, Nps, Satisfaction, WardFigures } from '../contract.ts'
import { words } from '../words.ts'
import type { Look } from './Behind.tsx'
import { SmallTag } from './KeyFigures.tsx'
import { spanOfNps } from './show.ts'

/** The wards beside each other, the one that needs most attention first. */
export function WardTable({ figures: { wards, worst, nps, least }, look }: { figures: Dashboard; look: Look }) {
  return (
    <Panel title={words.wards} note={words.wardsNote} flush>
      <Table
        of={wards}
        label={words.wards}
        rowKey={(w) => `${w.departmentId}.${w.wardId}`}
        rowTone={(w) => (worst && w.wardId === worst.wardId ? 'warning' : undefined)}
        onOpen={(w) => look(w.nps.score === null ? 'discharges' : 'nps', { ward: w.wardId ?? unknown })}
        empty={words.nothing}
        maxHeight={760}
      >
        <Column name={words.ward} show={(w: WardFigures) => w.wardName ?? w.departmentName ?? words.unknownUnit} />
        <Column name={words.dischargedShort} align="end" show={(w: WardFigures) => formatCount(w.discharged)} width={64} />
        <Column name={words.coverageShort} align="end" show={(w: WardFigures) => formatPercent(w.coverage.share)} width={76} />
        <Column name={words.satisfaction} align="end" show={(w: WardFigures) => <SatisfactionOfWard of={w.satisfaction} />} width={118} />
        <Column name={words.nps} show={(w: WardFigures) => <NpsOfWard nps={w.nps} whole={nps.score} least={least} />} width={280} />
      </Table>
    </Panel>
  )
}

const unknown = '00000000-0000-0000-0000-000000000000'

function SatisfactionOfWard({ of }: { of: Satisfaction }) {
  if (of.share === null) return <small>{of.n === 0 ? '—' : words.tooFewShort}</small>
  return (
    <>
      {formatPercent(of.share)} <small>n={of.n}</small>
    </>
  )
}

function NpsOfWard({ nps, whole, least }: { nps: Nps; whole: number | null; least: number }) {
  if (nps.score === null) return <small>{nps.n === 0 ? '—' : words.tooFew({ least })}</small>
  return (
    <Row gap={8} wrap={false}>
      <Whisker nps={nps} whole={whole} />
      <span title={`${words.interval} ${spanOfNps(nps)} · ${words.intervalMethod}`}>
        <strong>{formatNps(nps.score)}</strong>{' '}
        <small>
          ({spanOfNps(nps)}) n={nps.n}
        </small>
      </span>
      {nps.standing === 'small' && <SmallTag />}
    </Row>
  )
}

/** Score and interval on the line from −100 to 100; the dashed mark is the hospital's own. The numbers stand beside it. */
function Whisker({ nps, whole }: { nps: Nps; whole: number | null }) {
  const at = (score: number) => 3 + ((score + 100) / 200) * 74
  const [low, high, score] = [at(nps.low ?? -100), at(nps.high ?? 100), at(nps.score ?? 0)]
  const isBelow = whole !== null && (nps.high ?? 100) < whole
  const colour = nps.standing === 'small' ? colours.controlLine : isBelow ? colours.warning : colours.primary
  return (
    <svg width={80} height={16} aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <line x1={3} x2={77} y1={8} y2={8} stroke={colours.line} />
      <line x1={40} x2={40} y1={4} y2={12} stroke={colours.line} />
      {whole !== null && <line x1={at(whole)} x2={at(whole)} y1={1} y2={15} stroke={colours.text3} strokeDasharray="2 2" />}
      <line x1={low} x2={high} y1={8} y2={8} stroke={colour} strokeWidth={2} />
      {isBelow ? <rect x={score - 4} y={4} width={8} height={8} fill={colour} /> : <circle cx={score} cy={8} r={4} fill={colour} />}
    </svg>
  )
}
