import { useRead } from '@renxin/client'
import { Button, Column, formatCount, formatPercent, Panel, Stack, Table } from '@renxin/ui'
import { type Cohort, cohortsApi, doneStates, type VisitFigures, type VisitSide, type VisitState } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts

type VisitTableProps = {
  id: string
  visits: Cohort['visits']
  onMembers: (position: number, side: VisitSide, state: VisitState | 'due' | 'done') => void
  onItems: (position: number, side: VisitSide) => void
}

const shown = ['inWindow', 'outOfWindow', 'missing', 'lost', 'withdrawn', 'dead', 'open', 'upcoming', 'notAsked'] as const

/** Of each visit and side: what was due, what was done, and why the rest was not. Each figure opens its members. */
export function VisitTable({ id, visits, onMembers, onItems }: VisitTableProps) {
  const figures = useRead(cohortsApi.cohortVisits, { id }, { keep: true })
  const nameOf = ({ position }: VisitFigures) => visits.find((v) => v.position === position)?.name ?? ''
  const figure = (f: VisitFigures, state: VisitState | 'due' | 'done', name: string) => {
    const n = state === 'due' || state === 'done' ? f[state] : f.counts[state]
    if (n === 0) return formatCount(0)
    return (
      <Button kind="link" label={`${nameOf(f)} ${t.sides[f.side]} ${name} ${n}`} onClick={() => onMembers(f.position, f.side, state)}>
        {formatCount(n)}
      </Button>
    )
  }
  return (
    <Stack gap={8}>
      <Panel title={t.byVisit} note={t.byVisitNote} flush>
        <Table of={figures} label={t.byVisit} empty={t.noVisits} rowKey={(f: VisitFigures) => `${f.position} ${f.side}`} plain>
          <Column name={t.visit} width={100} show={nameOf} />
          <Column name={t.side} width={70} show={(f: VisitFigures) => t.sides[f.side]} />
          <Column name={t.due} width={80} align="end" show={(f: VisitFigures) => figure(f, 'due', t.due)} />
          <Column name={t.done} width={80} align="end" show={(f: VisitFigures) => figure(f, 'done', t.done)} />
          <Column name={t.share} width={80} align="end" show={(f: VisitFigures) => formatPercent(f.due > 0 ? f.done / f.due : null)} />
          {shown.map((state) => (
            <Column
              key={state}
              name={t.states[state]}
              width={90}
              align="end"
              show={(f: VisitFigures) => figure(f, state, t.states[state])}
            />
          ))}
          <Column
            width={70}
            show={(f: VisitFigures) =>
              doneStates.some((s) => f.counts[s] > 0) && (
                <Button
                  size="small"
                  kind="link"
                  label={`${nameOf(f)} ${t.sides[f.side]} ${t.items}`}
                  onClick={() => onItems(f.position, f.side)}
                >
                  {t.itemsShort}
                </Button>
              )
            }
          />
        </Table>
      </Panel>
      <span className="rx-note">{t.statesHint}</span>
    </Stack>
  )
}
