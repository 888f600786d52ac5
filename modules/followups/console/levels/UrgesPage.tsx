import { GoLink, oneOf, useList, useMe, useUrlState, useWrite } from '@renxin/client'
import { Button, Choice, Column, formatMoment, notify, Page, Panel, Row, Stack, Table, Toolbar } from '@renxin/ui'
import { supervisionApi, type Urge } from '../../contract.ts'
import { words } from '../../words.ts'
import { UrgeState } from './UrgeTable.tsx'

const t = words.supervision
const lists = ['toMe', 'escalated'] as const

/** What one is urged to do, and what came up to one as the head. */
export function UrgesPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ list: '' })
  const offered = lists.filter((l) => may(l === 'toMe' ? 'followups.work' : 'followups.head'))
  const list = oneOf(lists, state.list) ?? offered[0] ?? 'toMe'
  const urges = useList(supervisionApi.urges, { list }, { keep: true })
  const see = useWrite(supervisionApi.seeUrges, { onSuccess: () => notify(t.seen) })
  return (
    <Page title={t.urgesTitle}>
      <Stack>
        {offered.length > 1 && (
          <Toolbar label={t.urgesTitle}>
            <Choice
              label={t.urgesTitle}
              hideLabel
              value={list}
              onChange={(value) => setState({ list: value })}
              options={offered.map((value) => ({ value, label: t.lists[value] }))}
            />
          </Toolbar>
        )}
        <Panel flush>
          <Table of={urges} label={t.lists[list]} empty={list === 'toMe' ? t.nothingToMe : t.nothingEscalated}>
            <Column name={words.patient} show={(u: Urge) => <strong>{u.patientName}</strong>} />
            <Column name={words.department} width={150} show={(u: Urge) => u.departmentName} />
            <Column name={t.urgedTo} width={110} show={(u: Urge) => u.toName ?? words.nobody} />
            <Column name={t.urgedBy} width={130} show={(u: Urge) => u.urgedByName} />
            <Column name={t.urgedAt} width={140} show={(u: Urge) => formatMoment(u.urgedAt)} />
            <Column name={t.urgeNote} cut show={(u: Urge) => u.note} />
            <Column name={t.escalatesAt} width={140} show={(u: Urge) => formatMoment(u.escalatedAt ?? u.escalatesAt)} />
            <Column name={t.state} width={90} show={(u: Urge) => <UrgeState of={u} />} />
            <Column
              width={170}
              show={(u: Urge) => (
                <Row gap={8}>
                  {list === 'toMe' && !u.seenAt && (
                    <Button size="small" busy={see.isSending} onClick={() => see.send({ ids: [u.id] })}>
                      {t.see}
                    </Button>
                  )}
                  <GoLink to="followups.task" params={{ id: u.taskId }}>
                    {t.openTask}
                  </GoLink>
                </Row>
              )}
            />
          </Table>
        </Panel>
      </Stack>
    </Page>
  )
}
