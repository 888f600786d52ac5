import { useList } from '@renxin/client'
import { Column, formatMoment, Panel, StatusTag, Table, type TableProps } from '@renxin/ui'
import { supervisionApi, type Urge } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.supervision
const tones = { waiting: 'warning', seen: 'info', escalated: 'danger', answered: 'success' } as const

export function UrgeState({ of }: { of: Pick<Urge, 'state'> }) {
  return <StatusTag tone={tones[of.state]}>{t.states[of.state]}</StatusTag>
}

/** Who urged whom, when, and what became of it. */
export function UrgeHistory({ of }: { of: { departmentId?: string } }) {
  const list = useList(supervisionApi.urgeHistory, of, { keep: true })
  return (
    <Panel flush>
      <UrgeTable of={list} />
    </Panel>
  )
}

export function UrgeTable({ of }: { of: TableProps<Urge>['of'] }) {
  return (
    <Table of={of} label={t.tabs.history} empty={t.noHistory}>
      <Column name={t.urgedAt} width={150} show={(u: Urge) => formatMoment(u.urgedAt)} />
      <Column name={t.urgedBy} width={130} show={(u: Urge) => u.urgedByName} />
      <Column name={t.urgedTo} width={110} show={(u: Urge) => u.toName ?? words.nobody} />
      <Column name={words.patient} width={110} show={(u: Urge) => u.patientName} />
      <Column name={words.department} width={140} show={(u: Urge) => u.departmentName} />
      <Column name={t.urgeNote} cut show={(u: Urge) => u.note} />
      <Column name={t.state} width={100} show={(u: Urge) => <UrgeState of={u} />} />
      <Column name={t.escalatesAt} width={150} show={(u: Urge) => formatMoment(u.escalatedAt ?? (u.answeredAt ? null : u.escalatesAt))} />
      <Column
        name={t.answeredAt}
        width={220}
        show={(u: Urge) => u.answeredAt && u.answer && `${formatMoment(u.answeredAt)} ${t.answers[u.answer]}`}
      />
    </Table>
  )
}
