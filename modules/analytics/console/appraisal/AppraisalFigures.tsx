import { Change, Count, Figure, Figures, formatCount, formatPercent, OpensRows, Tag } from '@renxin/ui'
import type { Appraisal, AppraisalRow } from '../../contract.ts'
import { words } from '../../words.ts'
import { type AppraisedShare, changeOf, formatWork, shareOf } from './show.ts'

const t = words.appraisal
export type LookAt = (part: string, of?: Record<string, string>) => void

/** What was due, done and reached of all, with the change on the period before and on last year. */
export function AppraisalFigures({ of: { total }, look }: { of: Appraisal; look: LookAt }) {
  const { counts } = total
  return (
    <Figures>
      <Figure
        label={t.due}
        value={formatCount(counts.due)}
        parts={
          <>
            <Changes row={total} name={t.due} of={(c) => c.due} onOpen={(time) => look('due', { time })} />
            {counts.stopped > 0 && <Part name={t.stopped} n={counts.stopped} onOpen={() => look('stopped')} />}
          </>
        }
        onOpen={() => look('due')}
      />
      {(['done', 'doneInTime', 'reached', 'reachedInTime'] as const).map((name) => (
        <Figure
          key={name}
          label={t[name]}
          value={formatPercent(shareOf(counts, name))}
          note={
            <>
              {formatCount(counts[name])} / {formatCount(counts.due)} {name === 'reachedInTime' && <BandTag row={total} />}
            </>
          }
          parts={<Moves row={total} name={name} onOpen={(time) => look(name, { time })} />}
          onOpen={() => look(name)}
        />
      ))}
      <Figure
        label={t.tries}
        value={formatCount(counts.tries)}
        parts={
          <>
            <Changes row={total} name={t.tries} of={(c) => c.tries} onOpen={(time) => look('tries', { time })} />
            <Part name={t.talks} n={counts.talks} onOpen={() => look('talks')} />
            <Part name={t.time} n={counts.measured} text={formatWork(counts)} onOpen={() => look('measured')} />
          </>
        }
        onOpen={() => look('tries')}
      />
    </Figures>
  )
}

type Opens = (time: Then) => void
type ChangesProps = { row: AppraisalRow; name: string; of: (counts: AppraisalRow['counts']) => number; onOpen: Opens }

/** How a number moved; where there was nothing at all, nothing was known yet. */
function Changes({ row, name, of, onOpen }: ChangesProps) {
  return thens
    .filter((time) => of(row[time]) > 0)
    .map((time) => (
      <OpensRows key={time} label={`${name} ${t.times[time]} ${formatCount(of(row[time]))}`} onOpen={() => onOpen(time)}>
        <Change by={of(row.counts) - of(row[time])} isShare={false} digits={0} since={t[sinceOf[time]]} />
      </OpensRows>
    ))
}

type MovesProps = { row: AppraisalRow; name: AppraisedShare; of?: string; isShort?: boolean; onOpen: Opens; times?: readonly Then[] }

/** By how many points a share moved, on the period before and on last year. Each opens what it moved from; where nothing was due then there is nothing. */
export function Moves({ row, name, of = '', isShort = false, onOpen, times = thens }: MovesProps) {
  const format = isShort ? { unit: '' } : {}
  return times.map((time) => {
    const then = shareOf(row[time], name)
    const change = (
      <Change
        key={time}
        by={changeOf(shareOf(row.counts, name), then)}
        moreIs="better"
        {...format}
        {...(!isShort && { since: t[sinceOf[time]] })}
      />
    )
    if (then === null) return isShort && change
    return (
      <OpensRows key={time} label={`${of} ${t[name]} ${t.times[time]} ${formatPercent(then)}`.trim()} onOpen={() => onOpen(time)}>
        {change}
      </OpensRows>
    )
  })
}

const thens = ['before', 'yearAgo'] as const
type Then = (typeof thens)[number]
const sinceOf = { before: 'since', yearAgo: 'sinceYear' } as const

type PartProps = { name: string; n: number; text?: string; onOpen: () => void }
const Part = ({ name, n, text = formatCount(n), onOpen }: PartProps) => (
  <span>
    {name} <Count n={n} label={name} text={text} onOpen={onOpen} />
  </span>
)

const tones = { below: 'warning', within: 'success', above: 'success' } as const

/** Where it stands against the target of level 1. */
export function BandTag({ row: { band, standing } }: { row: AppraisalRow }) {
  if (!band || !standing) return null
  return (
    <Tag tone={tones[standing]} title={t.bandOf(said(band))}>
      {t.standing[standing]}
    </Tag>
  )
}

const said = ({ low, high }: { low: number; high: number }) => ({ low: String(low), high: String(high) })
