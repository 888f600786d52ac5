import { useRead } from '@renxin/client'
import { formatPercent, formatScore, Loaded, Panel } from '@renxin/ui'
import { useState } from 'react'
import { byLabel, optionLabel, rowLabel } from '../../analysis-words.ts'
import { type AnalysisResult, type AnalysisRow, analysesApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { Behind } from './Behind.tsx'
import type { Asked, Look, Place } from './look.ts'

const w = words.analyses

/** One analysis as a table: everybody's answers, told apart by what it says; a figure opens the responses behind it. */
export function AnalysisPanel({ name, asked, look }: { name: string; asked: Asked; look: Look }) {
  const [open, setOpen] = useState<Place>()
  const result = useRead(analysesApi.analysis, { ...asked, ...look }, { keep: true })
  return (
    <Panel title={name} note={result.data && noteOf(result.data)}>
      <Loaded of={result}>
        {(r) => <Figures result={r} onOpen={(place) => setOpen({ ...place, name: [name, place.name].filter(Boolean).join(' · ') })} />}
      </Loaded>
      {open && <Behind asked={asked} look={look} place={open} onClose={() => setOpen(undefined)} />}
    </Panel>
  )
}

const noteOf = (result: AnalysisResult): string =>
  [words.analyses.kinds[result.kind], result.itemText, byLabel(result), result.total && words.results.people({ n: result.total.n })]
    .filter(Boolean)
    .join(' · ')

type FiguresProps = { result: AnalysisResult; onOpen: (place: Place) => void }

function Figures({ result, onOpen }: FiguresProps) {
  if (result.isKept) return <p className="rx-note">{w.kept}</p>
  if (result.isHidden) return <p className="rx-note">{w.hidden({ least: result.least })}</p>
  if (!result.total || result.total.n === 0) return <p className="rx-note">{w.nobody}</p>
  if (result.by !== null && result.rows.length === 0) return <p className="rx-note">{w.hidden({ least: result.least })}</p>
  const isSpread = result.kind !== 'mean' && result.by === null
  const isOver = result.kind !== 'mean' && result.total.counts.reduce((a, b) => a + b, 0) > result.total.n
  return (
    <>
      <div style={{ overflowX: 'auto' }}>
        {isSpread ? <Spread result={result} onOpen={onOpen} /> : <Cross result={result} onOpen={onOpen} />}
      </div>
      {isOver && <p className="rx-hint">{w.multiple}</p>}
      {result.rows.some((r) => r.shown === null) && <p className="rx-hint">{w.hidden({ least: result.least })}</p>}
    </>
  )
}

const number = { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } as const

/** The options below one another, with their shares. */
function Spread({ result: { options, total }, onOpen }: FiguresProps) {
  return (
    <table className="rx-table" style={{ maxWidth: 720 }}>
      <thead>
        <tr>
          <th scope="col">{w.option}</th>
          <th scope="col" style={{ ...number, width: 90 }}>
            {w.people}
          </th>
          <th scope="col" style={{ ...number, width: 90 }}>
            {w.share}
          </th>
          <td style={{ width: '35%' }} />
        </tr>
      </thead>
      <tbody>
        {options.map((o, at) => {
          const count = total?.counts[at] ?? 0
          const share = total && total.n > 0 ? count / total.n : 0
          return (
            <tr key={o.key}>
              <th scope="row" style={{ fontWeight: 400, textAlign: 'left' }}>
                {optionLabel(o)}
              </th>
              <td style={number}>
                <Opens
                  count={count}
                  label={w.open({ row: '', option: optionLabel(o) })}
                  onOpen={() => onOpen({ option: o.key, name: optionLabel(o) })}
                />
              </td>
              <td style={number}>{formatPercent(share)}</td>
              <td aria-hidden="true">
                <div
                  style={{
                    width: `${Math.round(Math.min(1, share) * 100)}%`,
                    height: 12,
                    borderRadius: 3,
                    background: 'var(--rx-primary)',
                  }}
                />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** A row for each value of the dimension, and one for all. */
function Cross({ result, onOpen }: FiguresProps) {
  const { options, rows, total, kind, unit } = result
  return (
    <table className="rx-table">
      <thead>
        <tr>
          <th scope="col">{byLabel(result) || w.value}</th>
          <th scope="col" style={number}>
            {w.people}
          </th>
          {kind === 'mean' ? (
            <>
              <th scope="col" style={number}>
                {unit ? `${w.mean}（${unit}）` : w.mean}
              </th>
              <th scope="col" style={number}>
                {w.span}
              </th>
            </>
          ) : (
            options.map((o) => (
              <th key={o.key} scope="col" style={number}>
                {optionLabel(o)}
              </th>
            ))
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.key} result={result} name={rowLabel(result, row)} shown={row.shown} row={row.key} onOpen={onOpen} />
        ))}
        <Line result={result} name={w.all} shown={total} onOpen={onOpen} />
      </tbody>
    </table>
  )
}

type LineProps = FiguresProps & { name: string; shown: AnalysisRow['shown']; row?: string }

function Line({ result, name, shown, row, onOpen }: LineProps) {
  const place = row === undefined ? {} : { row }
  const head = (
    <th scope="row" style={{ fontWeight: row === undefined ? 600 : 400, textAlign: 'left' }}>
      {name}
    </th>
  )
  const width = result.kind === 'mean' ? 3 : result.options.length + 1
  if (!shown)
    return (
      <tr>
        {head}
        <td colSpan={width} style={number} className="rx-note">
          {w.hiddenCell({ least: result.least })}
        </td>
      </tr>
    )
  return (
    <tr>
      {head}
      <td style={number}>
        <Opens count={shown.n} label={w.open({ row: name, option: '' })} onOpen={() => onOpen({ ...place, name })} />
      </td>
      {result.kind === 'mean' ? (
        <>
          <td style={number}>{formatScore(shown.mean)}</td>
          <td style={number}>
            {shown.smallest === null ? '' : words.results.span({ smallest: shown.smallest, largest: shown.largest ?? shown.smallest })}
          </td>
        </>
      ) : (
        result.options.map((o, at) => {
          const count = shown.counts[at] ?? 0
          return (
            <td key={o.key} style={number}>
              <Opens
                count={count}
                label={w.open({ row: name, option: optionLabel(o) })}
                onOpen={() => onOpen({ ...place, option: o.key, name: [name, optionLabel(o)].join(' · ') })}
              />{' '}
              <span className="rx-note">{formatPercent(shown.n > 0 ? count / shown.n : null)}</span>
            </td>
          )
        })
      )}
    </tr>
  )
}

function Opens({ count, label, onOpen }: { count: number; label: string; onOpen: () => void }) {
  if (count === 0) return 0
  return (
    <button type="button" className="rx-button rx-button-link rx-button-small" aria-label={`${count} ${label.trim()}`} onClick={onOpen}>
      {count}
    </button>
  )
}
