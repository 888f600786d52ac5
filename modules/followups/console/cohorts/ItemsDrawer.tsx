import { useRead } from '@renxin/client'
import { Button, Column, Drawer, formatCount, formatPercent, formatScore, Stack, Table } from '@renxin/ui'
import { type Cohort, cohortsApi, type ItemFigures } from '../../contract.ts'
import { words } from '../../words.ts'
import { isSide, type Looked } from './states.ts'

const t = words.cohorts

type ItemsDrawerProps = { cohort: Cohort; of: Looked; onMissing: (linkId: string) => void; onClose: () => void }

/** Of each question of a visit: how many had to answer it, and how many did not. */
export function ItemsDrawer({ cohort, of, onMissing, onClose }: ItemsDrawerProps) {
  const side = isSide(of.side) ? of.side : 'centre'
  const items = useRead(cohortsApi.cohortItems, { id: cohort.id, position: of.position, side })
  const visit = cohort.visits.find((v) => v.position === of.position)?.name ?? ''
  const share = ({ asked, missing }: ItemFigures) => formatPercent(asked > 0 ? missing / asked : null)
  return (
    <Drawer title={t.itemsOf({ visit, side: t.sides[side] })} size={880} onClose={onClose}>
      <Stack>
        <span className="rx-note">{t.itemsHint}</span>
        <Table of={items} label={t.items} empty={t.noItems} rowKey={(i: ItemFigures) => i.linkId} plain>
          <Column name={t.question} show={(i: ItemFigures) => i.text} />
          <Column name={t.asked} width={80} align="end" show={(i: ItemFigures) => formatCount(i.asked)} />
          <Column
            name={t.missing}
            width={80}
            align="end"
            show={(i: ItemFigures) =>
              i.missing === 0 ? (
                formatCount(0)
              ) : (
                <Button kind="link" label={`${i.text} ${t.missing} ${i.missing}`} onClick={() => onMissing(i.linkId)}>
                  {formatCount(i.missing)}
                </Button>
              )
            }
          />
          <Column name={t.missingShare} width={90} align="end" show={share} />
          <Column name={t.mean} width={90} align="end" show={(i: ItemFigures) => formatScore(i.mean)} />
          <Column name={t.meanOf} width={110} align="end" show={(i: ItemFigures) => (i.meanOf > 0 ? formatCount(i.meanOf) : '')} />
        </Table>
      </Stack>
    </Drawer>
  )
}
