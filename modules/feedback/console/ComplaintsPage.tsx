import { oneOf, useList, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import {
  Button,
  Column,
  Drawer,
  Figure,
  Figures,
  formatDay,
  formatMoment,
  houseWords,
  Page,
  Panel,
  Row,
  SearchBox,
  Table,
  Tabs,
  Toolbar,
} from '@renxin/ui'
import { useState } from 'react'
import { type ComplaintRow, feedbackApi } from '../contract.ts'
import { words } from '../words.ts'
import { ComplaintDetails } from './ComplaintDetails.tsx'
import { CaseStatus, Deadline, Marks } from './parts.tsx'

const lists = ['open', 'overdue', 'toAnswer', 'closed'] as const
type Which = (typeof lists)[number]

/** The work list: the most urgent first. */
export function ComplaintsPage() {
  const [state, setState] = useUrlState({ list: 'open', unit: '', open: '' })
  const [search, setSearch] = useState('')
  const which = oneOf(lists, state.list) ?? 'open'
  const counts = useRead(feedbackApi.counts, {})
  const complaints = useList(feedbackApi.complaints, { which, search, ...(state.unit && { unitId: state.unit }) }, { keep: true })
  const badges: Partial<Record<Which, number>> = counts.data ?? {}
  const show = (list: Which) => setState({ list })
  const emptyTexts = { open: words.noneOpen, overdue: words.noneOverdue, toAnswer: words.noneToAnswer, closed: words.noneClosed }
  return (
    <Page title={words.complaints}>
      <Figures>
        <Figure label={words.tabs.open} value={counts.data?.open} onOpen={() => show('open')} />
        <Figure
          label={words.urgency.dueSoon}
          value={counts.data?.dueSoon}
          tone={counts.data?.dueSoon ? 'warning' : 'plain'}
          onOpen={() => show('open')}
        />
        <Figure
          label={words.urgency.overdue}
          value={counts.data?.overdue}
          tone={counts.data?.overdue ? 'danger' : 'plain'}
          onOpen={() => show('overdue')}
        />
        <Figure label={words.tabs.toAnswer} value={counts.data?.toAnswer} onOpen={() => show('toAnswer')} />
      </Figures>
      <Tabs
        label={words.complaints}
        value={which}
        onChange={show}
        tabs={lists.map((key) => ({ key, label: words.tabs[key], badge: badges[key] || undefined }))}
      />
      <Toolbar label={words.complaints}>
        <SearchBox label={words.searchNumber} value={search} onChange={setSearch} />
        <UnitSelect label={words.unit} hideLabel value={state.unit || null} onChange={(unit) => setState({ unit: unit ?? '' })} />
      </Toolbar>
      <Panel flush>
        <Table
          of={complaints}
          label={words.complaints}
          empty={search ? houseWords.nothingFound({ text: search }) : emptyTexts[which]}
          emptyAction={which !== 'closed' && <Button onClick={() => show('closed')}>{words.seeClosed}</Button>}
          onOpen={(c: ComplaintRow) => setState({ open: c.id })}
          href={(c: ComplaintRow) => `/feedback/complaints/${c.id}`}
          opened={state.open}
          memory="feedback.complaints"
        >
          <Column name={words.number} width={120} show={(c: ComplaintRow) => c.number} />
          <Column
            name={words.answerBy}
            width={240}
            show={(c: ComplaintRow) => (c.closedAt ? formatMoment(c.closedAt) : <Due complaint={c} />)}
          />
          <Column name={words.statusTitle} width={100} show={(c: ComplaintRow) => <CaseStatus status={c.status} />} />
          <Column name={words.patient} width={100} cut show={(c: ComplaintRow) => c.patientName ?? c.speakerName ?? houseWords.none} />
          <Column
            name={words.text}
            cut
            show={(c: ComplaintRow) => (
              <Row wrap={false} gap={4}>
                <Marks {...c} />
                {[c.category, c.text].filter((part) => part).join('：') || <span className="rx-note">{words.noText}</span>}
              </Row>
            )}
          />
          <Column
            name={words.asked}
            width={180}
            cut
            show={(c: ComplaintRow) => (c.asked.length > 0 ? c.asked : c.units).map((u) => u.name).join('、')}
          />
          <Column name={words.receivedAt} width={150} hidden show={(c: ComplaintRow) => formatMoment(c.receivedAt)} />
          <Column name={words.sourceTitle} width={110} hidden show={(c: ComplaintRow) => words.source[c.source]} />
        </Table>
      </Panel>
      {state.open !== '' && (
        <Drawer title={words.complaints} onClose={() => setState({ open: '' })}>
          <ComplaintDetails id={state.open} />
        </Drawer>
      )}
    </Page>
  )
}

const Due = ({ complaint }: { complaint: ComplaintRow }) => (
  <Row gap={4} wrap={false}>
    <Deadline {...complaint} />
    <span className="rx-note">{formatDay(complaint.answerBy)}</span>
  </Row>
)
