import { useAddress, useGo, useRead } from '@renxin/client'
import { Button, Column, formatCount, formatDay, houseWords, Page, Panel, StatusTag, Table } from '@renxin/ui'
import { type CohortCard, cohortsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts
export const tones = { draft: 'plain', frozen: 'success', closed: 'plain' } as const
/** The address of a study that is still to be written. */
export const NEW = 'new'

/** The studies of the hospital, or of one's own departments. */
export function CohortsPage() {
  const go = useGo()
  const address = useAddress()
  const cohorts = useRead(cohortsApi.cohorts, {})
  const begin = (
    <Button kind="primary" icon="add" onClick={() => go('followups.cohort', { id: NEW })}>
      {t.newStudy}
    </Button>
  )
  return (
    <Page title={t.title} actions={begin}>
      <Panel flush>
        <Table
          of={cohorts}
          label={t.title}
          empty={t.none}
          onOpen={(c: CohortCard) => go('followups.cohort', { id: c.id })}
          href={(c: CohortCard) => address('followups.cohort', { id: c.id })}
        >
          <Column name={t.name} show={(c: CohortCard) => c.name} />
          <Column name={t.lead} width={140} show={(c: CohortCard) => c.leadName} cut />
          <Column
            name={t.status}
            width={100}
            show={(c: CohortCard) => <StatusTag tone={tones[c.status]}>{t.statuses[c.status]}</StatusTag>}
          />
          <Column
            name={t.members}
            width={90}
            align="end"
            show={(c: CohortCard) => (c.members === null ? houseWords.none : formatCount(c.members))}
          />
          <Column name={t.visitCount} width={110} align="end" show={(c: CohortCard) => c.visits} />
          <Column name={t.frozenAt} width={130} show={(c: CohortCard) => formatDay(c.frozenAt)} />
          <Column name={t.updatedAt} width={130} show={(c: CohortCard) => formatDay(c.updatedAt)} />
        </Table>
      </Panel>
    </Page>
  )
}
