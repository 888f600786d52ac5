import { useGo, useMe, useRead } from '@renxin/client'
import { Column, Count, Figure, Figures, formatCount, formatTime, Loaded, Page, Panel, Stack, Table, today } from '@renxin/ui'
import { type DepartmentStanding, type Standing, standingApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { LastResults } from '../levels/PublishedNews.tsx'
import '../work.css'

const t = words.standing
type Name = keyof Standing
const figures: readonly Name[] = ['dueToday', 'overdue', 'unclaimed', 'doneToday']

/** Where each figure leads: the list of tasks with as many rows. */
const listOf = (name: Name): Record<string, string> =>
  ({
    dueToday: { show: 'today' },
    overdue: { show: 'overdue' },
    unclaimed: { show: 'unclaimed' },
    doneToday: { show: 'done', from: today(), to: today() },
  })[name]

/** How far today's follow-up has come: for the nurse what she has in hand, for a head the ward or the department, for the centre and the director the hospital. */
export function StandingPage() {
  const go = useGo()
  const { may, scopeOf } = useMe()
  const standing = useRead(standingApi.standing, {}, { keep: true, everySeconds: 60 })
  const scope = scopeOf('followups.read') ?? 'own'
  const open = (name: Name, more: Record<string, string> = {}) => go('followups.board', {}, { ...listOf(name), ...more })
  return (
    <Page title={t.title}>
      <Loaded of={standing}>
        {({ own, total, departments, reckonedAt }) => (
          <Stack>
            {may('followups.work') && (
              <Panel title={t.own}>
                <Row of={own} onOpen={(name) => open(name, { assignee: 'me' })} />
              </Panel>
            )}
            {scope !== 'own' && (
              <Panel
                title={t.scopes[scope === 'campus' ? 'department' : scope]}
                note={reckonedAt && t.reckonedAt({ time: formatTime(reckonedAt) })}
              >
                <Row of={total} onOpen={open} />
              </Panel>
            )}
            <LastResults />
            {departments.length > 1 && <ByDepartment rows={departments} onOpen={open} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

function Row({ of, onOpen }: { of: Partial<Standing>; onOpen: (name: Name) => void }) {
  return (
    <Figures>
      {figures.map((name) => {
        const n = of[name]
        if (n === undefined) return null
        return (
          <Figure
            key={name}
            label={t[name]}
            value={formatCount(n)}
            tone={name === 'overdue' && n > 0 ? 'danger' : 'plain'}
            onOpen={() => onOpen(name)}
          />
        )
      })}
    </Figures>
  )
}

type ByDepartmentProps = { rows: DepartmentStanding[]; onOpen: (name: Name, more: Record<string, string>) => void }
/** The departments, the one with the most overdue first. */
function ByDepartment({ rows, onOpen }: ByDepartmentProps) {
  const cell = (name: Name) => (d: DepartmentStanding) =>
    d.departmentId === null ? (
      formatCount(d[name])
    ) : (
      <Count n={d[name]} label={`${d.departmentName} ${t[name]}`} onOpen={() => onOpen(name, { department: d.departmentId ?? '' })} />
    )
  return (
    <Panel flush title={t.byDepartment}>
      <Table of={rows} label={t.byDepartment} empty={t.none} rowKey={(d: DepartmentStanding) => d.departmentId ?? ''}>
        <Column name={words.department} show={(d: DepartmentStanding) => d.departmentName ?? t.noDepartment} />
        {figures.map((name) => (
          <Column key={name} name={t[name]} align="end" width={120} show={cell(name)} />
        ))}
      </Table>
    </Panel>
  )
}
