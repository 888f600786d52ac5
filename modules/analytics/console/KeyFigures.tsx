import { bandOf } from '@renxin/followups/contract'
import { Change, Figure, Figures, formatCount, formatNps, formatPercent, Tag } from '@renxin/ui'
import type { Dashboard } from '../contract.ts'
import { words } from '../words.ts'
import type { Look } from './Behind.tsx'
import { differenceOf, spanOfNps } from './show.ts'

/** The five numbers to read in ten seconds. */
export function KeyFigures({ figures, look }: { figures: Dashboard; look: Look }) {
  const { discharged, coverage, contacts, satisfaction, nps, least } = figures
  const since = words.sinceBefore
  return (
    <Figures>
      <Figure
        label={words.discharged}
        value={formatCount(discharged.n)}
        change={<Change by={discharged.n - discharged.before} isShare={false} digits={0} unit={words.times} since={since} />}
        onOpen={() => look('discharges')}
      />
      <Figure
        label={words.coverage}
        value={formatPercent(coverage.share)}
        n={coverage.base}
        change={<Change by={differenceOf(coverage.share, coverage.before)} moreIs="better" since={since} />}
        note={<Band coverage={coverage} />}
        onOpen={() => look('coverage')}
      />
      <Figure
        label={words.contacts}
        value={formatPercent(contacts.share)}
        n={contacts.reached + contacts.notReached}
        change={<Change by={differenceOf(contacts.share, contacts.before)} moreIs="better" since={since} />}
        note={`${words.reached} ${formatCount(contacts.reached)} · ${words.notReached} ${formatCount(contacts.notReached)}`}
        onOpen={() => look('contacts')}
      />
      <Figure
        label={words.satisfaction}
        value={formatPercent(satisfaction.share)}
        n={satisfaction.n ?? undefined}
        change={<Change by={differenceOf(satisfaction.share, satisfaction.before)} moreIs="better" since={since} />}
        note={<Shares satisfaction={satisfaction} least={least} />}
        onOpen={satisfaction.n !== 0 ? () => look('satisfaction') : undefined}
      />
      <Figure
        label={words.nps}
        value={formatNps(nps.score)}
        n={nps.n ?? undefined}
        change={
          <Change by={differenceOf(nps.score, nps.before)} isShare={false} digits={0} unit={words.points} moreIs="better" since={since} />
        }
        note={nps.standing === 'hidden' ? words.tooFew({ least }) : <NpsNote nps={nps} />}
        onOpen={nps.n !== 0 ? () => look('nps') : undefined}
      />
    </Figures>
  )
}

function Band({ coverage: { base, covered, band } }: { coverage: Dashboard['coverage'] }) {
  const standing = bandOf({ due: base, inTime: covered, ...band })
  if (!standing) return null
  return <Tag tone={standing === 'below' ? 'warning' : 'success'}>{words.bands[standing](band)}</Tag>
}

function Shares({ satisfaction: s, least }: { satisfaction: Dashboard['satisfaction']; least: number }) {
  const { n } = s
  if (n === null || s.standing === 'hidden') return n === 0 ? null : words.tooFew({ least })
  const of = (count: number | null) => formatPercent(count === null ? null : count / n)
  return (
    <>
      {words.satisfied} {of(s.satisfied)} · {words.noOpinion} {of(s.noOpinion)} · {words.dissatisfied} {of(s.dissatisfied)}
      {s.standing === 'small' && <SmallTag />}
    </>
  )
}

function NpsNote({ nps }: { nps: Dashboard['nps'] }) {
  return (
    <span title={words.intervalMethod}>
      {words.interval} {spanOfNps(nps)}
      {nps.standing === 'small' && <SmallTag />}
    </span>
  )
}

export const SmallTag = () => (
  <Tag tone="warning" title={words.smallWhy}>
    {words.small}
  </Tag>
)
