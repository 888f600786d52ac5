import { ExportButton } from '@renxin/access/console'
import { download, useGo, useList, useRead } from '@renxin/client'
import { Button, Column, formatCount, formatDay, formatPercent, Panel, Stack, Table } from '@renxin/ui'
import { type QualityCheck, type QualityOf, qualityApi } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.quality
type Props = { month: string; of: { departmentId?: string }; owner: string; onOwner: (owner: string) => void }

/** How calls of a month were led: by person, the one who needs it most first, and each check. */
export function QualityPanel({ month, of, owner, onOwner }: Props) {
  const go = useGo()
  const asked = { month, ...of, ...(owner && { ownerId: owner }) }
  const people = useRead(qualityApi.qualityByPerson, { month, ...of }, { keep: true })
  const list = useList(qualityApi.qualityChecks, asked, { keep: true })
  return (
    <Stack gap={16}>
      <Panel
        flush
        title={w.byPerson}
        note={w.note}
        actions={
          <>
            {owner && (
              <Button size="small" kind="quiet" onClick={() => onOwner('')}>
                {w.everyone}
              </Button>
            )}
            <ExportButton
              label={w.download}
              onTake={(how) => download(qualityApi.exportQuality, { ...asked, ...how })}
              sentence={words.of}
            />
          </>
        }
      >
        <Table
          of={people}
          label={w.byPerson}
          empty={w.empty}
          plain
          maxHeight={260}
          rowKey={(p: QualityOf) => p.ownerId}
          opened={owner}
          onOpen={(p: QualityOf) => onOwner(p.ownerId)}
        >
          <Column name={w.owner} show={(p: QualityOf) => p.ownerName} />
          <Column name={w.checks} align="end" width={120} show={(p: QualityOf) => formatCount(p.checks)} />
          <Column name={w.share} align="end" width={120} show={(p: QualityOf) => formatPercent(p.most > 0 ? p.points / p.most : null)} />
        </Table>
      </Panel>
      <Panel flush title={w.each}>
        <Table
          of={list}
          label={w.each}
          empty={w.empty}
          onOpen={(k: QualityCheck) => go('followups.board', {}, { show: 'done', open: k.taskId })}
        >
          <Column name={w.checkedOn} width={120} show={(k: QualityCheck) => formatDay(k.checkedOn)} />
          <Column name={words.patient} show={(k: QualityCheck) => <strong>{k.patientName}</strong>} />
          <Column name={words.department} width={160} show={(k: QualityCheck) => k.departmentName} />
          <Column name={w.owner} width={110} show={(k: QualityCheck) => k.ownerName} />
          <Column name={w.checkedBy} width={110} show={(k: QualityCheck) => k.checkedByName} />
          <Column name={w.points} align="end" width={100} show={(k: QualityCheck) => w.score({ points: k.points, most: k.most })} />
          <Column name={w.remarks} show={(k: QualityCheck) => k.remarks} />
        </Table>
      </Panel>
    </Stack>
  )
}
