import { useList } from '@renxin/client'
import { Choice, Column, Count, Drawer, formatPercent, Panel, Stack, Table, type TableProps } from '@renxin/ui'
import { type LevelTwo, type LevelTwoPart, spotParts, type supervisionApi, urgeParts } from '../../contract.ts'
import { words } from '../../words.ts'
import { SpotTable } from './SpotTable.tsx'
import { UrgeTable } from './UrgeTable.tsx'

const t = words.supervision.levelTwo
const isUrges = (part: string): part is (typeof urgeParts)[number] => urgeParts.some((p) => p === part)
const isSpots = (part: string): part is (typeof spotParts)[number] => spotParts.some((p) => p === part)
export const isLevelTwoPart = (part: string): part is LevelTwoPart => isUrges(part) || isSpots(part)

/** What level 2 did, by department; each number opens its rows. */
export function LevelTwoTable({
  of,
  onOpen,
}: {
  of: TableProps<LevelTwo>['of']
  onOpen: (part: LevelTwoPart, departmentId: string) => void
}) {
  const figure = (part: LevelTwoPart, count: (row: LevelTwo) => number) => (row: LevelTwo) => (
    <Count n={count(row)} label={`${row.departmentName} ${t.parts[part]}`} onOpen={() => onOpen(part, row.departmentId)} />
  )
  return (
    <Panel title={t.title} note={t.note} flush>
      <Table of={of} label={t.title} rowKey={(r: LevelTwo) => r.departmentId} empty={t.nothing} plain>
        <Column name={words.department} show={(r: LevelTwo) => r.departmentName} />
        <Column name={t.parts.urges} align="end" width={90} show={figure('urges', (r) => r.urges)} />
        <Column name={t.parts.called} align="end" width={130} show={figure('called', (r) => r.called)} />
        <Column name={t.parts.spots} align="end" width={110} show={figure('spots', (r) => r.spots)} />
        <Column name={t.parts.checked} align="end" width={110} show={figure('checked', (r) => r.checked)} />
        <Column name={t.share} align="end" width={90} show={(r: LevelTwo) => formatPercent(r.spots > 0 ? r.checked / r.spots : null)} />
        <Column name={t.parts.unchecked} align="end" width={110} show={figure('unchecked', (r) => r.spots - r.checked)} />
      </Table>
    </Panel>
  )
}

type Rows = {
  part: LevelTwoPart
  asked: { departmentId?: string; from: string; to: string }
  /** By whose leave: of those who supervise, or of those who read figures. */
  routes: { urges: typeof supervisionApi.urgeHistory; spots: typeof supervisionApi.spots }
  onPart: (part: LevelTwoPart) => void
  onClose: () => void
}

/** The urges, or the spot checks, behind a figure. */
export function LevelTwoRows({ part, asked, routes, onPart, onClose }: Rows) {
  const parts: readonly LevelTwoPart[] = isUrges(part) ? urgeParts : spotParts
  return (
    <Drawer title={t.title} size={1120} onClose={onClose}>
      <Stack gap={12}>
        <p>{isUrges(part) ? t.means.urges : t.means.spots}</p>
        <Choice
          label={t.title}
          hideLabel
          value={part}
          onChange={(value) => value && onPart(value)}
          options={parts.map((value) => ({ value, label: t.parts[value] }))}
        />
        {isUrges(part) && <Urges route={routes.urges} asked={{ ...asked, part }} />}
        {isSpots(part) && <Spots route={routes.spots} asked={{ ...asked, part }} />}
      </Stack>
    </Drawer>
  )
}

type Ask<R extends Rows['routes'][keyof Rows['routes']]> = Parameters<typeof useList<R>>[1]

const Urges = ({ route, asked }: { route: Rows['routes']['urges']; asked: Ask<Rows['routes']['urges']> }) => (
  <UrgeTable of={useList(route, asked, { keep: true })} />
)

const Spots = ({ route, asked }: { route: Rows['routes']['spots']; asked: Ask<Rows['routes']['spots']> }) => (
  <SpotTable of={useList(route, asked, { keep: true })} />
)
