import { Change, Figure, Figures, formatCount, formatPercent, Tag } from '@renxin/ui'
import type { Appraisal, AppraisalRow } from '../../contract.ts'
import { words } from '../../words.ts'
import { changeOf, formatWork, shareOf } from './show.ts'

const t = words.appraisal
export type LookAt = (part: string, of?: Record<string, string>) => void

/** What was due, done and reached of all, with the change on the period before and on last year. */
export function AppraisalFigures({ of: { total }, look }: { of: Appraisal; look: LookAt }) {
  const { counts, before, yearAgo } = total
  return (
    <Figures>
      <Figure
        label={t.due}
        value={formatCount(counts.due)}
        change={<Changes row={total} of={(c) => c.due} />}
        note={counts.stopped > 0 && `${t.stopped} ${formatCount(counts.stopped)}`}
        onOpen={() => look('due')}
      />
      {(['done', 'doneInTime', 'reached', 'reachedInTime'] as const).map((name) => (
        <Figure
          key={name}
          label={t[name]}
          value={formatPercent(shareOf(counts, name))}
          change={
            <>
              <Change by={changeOf(shareOf(counts, name), shareOf(before, name))} moreIs="better" since={t.since} />{' '}
              <Change by={changeOf(shareOf(counts, name), shareOf(yearAgo, name))} moreIs="better" since={t.sinceYear} />
            </>
          }
          note={
            <>
              {formatCount(counts[name])} / {formatCount(counts.due)} {name === 'reachedInTime' && <BandTag row={total} />}
            </>
          }
          onOpen={() => look(name)}
        />
      ))}
      <Figure
        label={t.tries}
        value={formatCount(counts.tries)}
        change={<Changes row={total} of={(c) => c.tries} />}
        note={`${t.talks} ${formatCount(counts.talks)} · ${t.time} ${formatWork(counts)}`}
        onOpen={() => look('tries')}
      />
    </Figures>
  )
}

type Pick = (counts: AppraisalRow['counts']) => number
function Changes({ row: { counts, before, yearAgo }, of }: { row: AppraisalRow; of: Pick }) {
  return (
    <>
      <Change by={moved(of(counts), of(before))} isShare={false} digits={0} since={t.since} />{' '}
      <Change by={moved(of(counts), of(yearAgo))} isShare={false} digits={0} since={t.sinceYear} />
    </>
  )
}

/** Where there was nothing at all, nothing was known yet. */
const moved = (now: number, then: number) => (then === 0 ? null : now - then)

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
