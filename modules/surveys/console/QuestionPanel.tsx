import { formatNps, formatPercent, formatScore, Panel } from '@renxin/ui'
import type { QuestionResult, Verdict } from '../contract.ts'
import { words } from '../words.ts'

const w = words.results
type Shown = Extract<QuestionResult, { isHidden: false }>

/** One question's answers: how they are spread, their mean, how many people; nothing below what the hospital asks for. */
export function QuestionPanel({ question: q, least }: { question: QuestionResult; least: number }) {
  if (q.isHidden)
    return (
      <Panel title={q.text}>
        <p className="rx-note">{w.tooFew({ least })}</p>
      </Panel>
    )
  return (
    <Panel title={q.text} note={notes(q)}>
      {q.options.length > 0 && <Spread question={q} />}
      <Verdicts verdicts={q.verdicts} />
      {(q.kind === 'text' || q.kind === 'string') && (
        <>
          <strong>{w.newestTexts}</strong>
          {q.texts.length === 0 ? (
            <p className="rx-note">{w.noTexts}</p>
          ) : (
            <ul style={{ margin: '4px 0 0', paddingLeft: 20 }}>
              {[...new Set(q.texts)].map((text) => (
                <li key={text} style={{ overflowWrap: 'anywhere' }}>
                  {text}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  )
}

function notes(q: Shown): string {
  const parts = [w.people({ n: q.n })]
  if (q.nps !== null) parts.push(`${w.nps} ${formatNps(q.nps)}`)
  else if (q.mean !== null) parts.push(w.mean({ n: formatScore(q.mean) }))
  if (q.smallest !== null && q.largest !== null) parts.push(w.span({ smallest: q.smallest, largest: q.largest }))
  return parts.join(' · ')
}

function Spread({ question: q }: { question: Shown }) {
  return (
    <table className="rx-table" style={{ maxWidth: 720 }}>
      <thead>
        <tr>
          <th scope="col">{w.option}</th>
          <th scope="col" style={{ width: 80, textAlign: 'right' }}>
            {w.count}
          </th>
          <th scope="col" style={{ width: 90, textAlign: 'right' }}>
            {w.share}
          </th>
          <td style={{ width: '35%' }} />
        </tr>
      </thead>
      <tbody>
        {q.options.map((o) => (
          <tr key={o.key}>
            <th scope="row" style={{ fontWeight: 400, textAlign: 'left' }}>
              {q.kind === 'boolean' ? (o.key === 'true' ? words.form.yes : words.form.no) : o.label}
            </th>
            <td style={{ textAlign: 'right' }}>{o.count}</td>
            <td style={{ textAlign: 'right' }}>{formatPercent(o.share)}</td>
            <td aria-hidden="true">
              <div style={{ width: `${Math.round(o.share * 100)}%`, height: 12, borderRadius: 3, background: 'var(--rx-primary)' }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const names: Readonly<Record<Verdict, () => string>> = {
  satisfied: () => w.satisfied,
  noOpinion: () => w.noOpinion,
  dissatisfied: () => w.dissatisfied,
  promoter: () => w.promoters,
  passive: () => w.passives,
  detractor: () => w.detractors,
  notApplicable: () => w.notApplicable,
}
const inBase = (verdict: Verdict) => verdict !== 'notApplicable'

/** Satisfied, no opinion, dissatisfied, or promoters and detractors: of those who took part, "does not apply" beside. */
function Verdicts({ verdicts }: { verdicts: Shown['verdicts'] }) {
  const given = (Object.keys(names) as Verdict[]).filter((v) => (verdicts[v] ?? 0) > 0) // its own keys
  if (given.length === 0) return null
  const n = given.filter(inBase).reduce((sum, v) => sum + (verdicts[v] ?? 0), 0)
  return (
    <p style={{ margin: '8px 0 0' }}>
      {given.map((v) => `${names[v]()} ${verdicts[v] ?? 0}${inBase(v) ? `（${formatPercent((verdicts[v] ?? 0) / n)}）` : ''}`).join(' · ')}{' '}
      · {w.people({ n })}
    </p>
  )
}
