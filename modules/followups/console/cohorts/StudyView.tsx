import { GoLink, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import { staffApi } from '@renxin/staff/contract'
import {
  Banner,
  Button,
  Column,
  Confirm,
  Description,
  Figure,
  Figures,
  formatCount,
  formatFull,
  formatMoment,
  houseWords,
  notify,
  Page,
  Panel,
  Row,
  Stack,
  StatusTag,
  Table,
} from '@renxin/ui'
import { type ReactNode, useState } from 'react'
import { type Cohort, type CohortExport, cohortsApi, memberStatuses } from '../../contract.ts'
import { words } from '../../words.ts'
import { AboutDialog, AddVisits } from './ChangeStudy.tsx'
import { tones } from './CohortsPage.tsx'
import { ExportStudy } from './ExportStudy.tsx'
import { filterText } from './filter-text.ts'
import { ItemsDrawer } from './ItemsDrawer.tsx'
import { MembersDrawer } from './MembersDrawer.tsx'
import { PlannedVisits } from './VisitFields.tsx'
import { VisitTable } from './VisitTable.tsx'

const t = words.cohorts
const nothing = { open: '', position: 0, side: '', state: '', missing: '', status: '' }
const standings = [...memberStatuses, 'dead'] as const

/** A frozen study: how its members stand, what became of each visit, its data and who took them. */
export function StudyView({ cohort, back }: { cohort: Cohort; back: ReactNode }) {
  const { may } = useMe()
  const [place, setPlace] = useUrlState(nothing)
  const [asked, setAsked] = useState<'about' | 'visits' | 'close'>()
  const close = useWrite(cohortsApi.closeCohort, {
    onSuccess: () => {
      notify(t.closed)
      setAsked(undefined)
    },
  })
  const { id, name, members = 0, seen, planned, standing, status, visits, programmeId } = cohort
  const done = () => setAsked(undefined)
  const away = () => setPlace(nothing)
  const isOpen = status === 'frozen'
  return (
    <Page
      title={name}
      back={back}
      note={<StatusTag tone={tones[status]}>{t.statuses[status]}</StatusTag>}
      actions={
        <Row gap={8}>
          {programmeId && may('followups.read') && (
            <GoLink to="followups.board" search={{ programme: programmeId }}>
              {t.openTasks}
            </GoLink>
          )}
          {isOpen && (
            <Button kind="quiet" onClick={() => setAsked('close')}>
              {t.close}
            </Button>
          )}
          <ExportStudy id={id} />
        </Row>
      }
    >
      <Stack>
        {seen < (members ?? 0) && <Banner>{t.seenOf({ members: formatCount(members), seen: formatCount(seen) })}</Banner>}
        {isOpen && planned < (members ?? 0) && (
          <Banner>{t.planning({ planned: formatCount(planned), members: formatCount(members) })}</Banner>
        )}
        <Panel title={t.standing}>
          <Figures>
            <Figure label={t.members} value={formatCount(seen)} onOpen={() => setPlace({ open: 'members' }, { push: true })} />
            {standings.map((s) => (
              <Figure
                key={s}
                label={t.memberStatuses[s]}
                value={formatCount(standing[s])}
                onOpen={standing[s] > 0 ? () => setPlace({ open: 'members', status: s }, { push: true }) : undefined}
              />
            ))}
          </Figures>
        </Panel>
        <VisitTable
          id={id}
          visits={visits}
          onMembers={(position, side, state) => setPlace({ open: 'members', position, side, state, missing: '' }, { push: true })}
          onItems={(position, side) => setPlace({ open: 'items', position, side, state: '', missing: '' }, { push: true })}
        />
        <Exports exports={cohort.exports} />
        <About cohort={cohort} onEdit={() => setAsked('about')} />
        <Panel
          title={t.visits}
          flush
          actions={
            isOpen && (
              <Button size="small" icon="add" onClick={() => setAsked('visits')}>
                {t.addVisits}
              </Button>
            )
          }
        >
          <PlannedVisits visits={visits} />
        </Panel>
      </Stack>
      {place.open === 'members' && <MembersDrawer cohort={cohort} of={place} onClose={away} />}
      {place.open === 'items' && (
        <ItemsDrawer
          cohort={cohort}
          of={place}
          onMissing={(missing) => setPlace({ open: 'members', state: '', missing }, { push: true })}
          onClose={away}
        />
      )}
      {asked === 'about' && <AboutDialog cohort={cohort} onClose={done} />}
      {asked === 'visits' && <AddVisits cohort={cohort} onClose={done} />}
      {asked === 'close' && (
        <Confirm
          title={t.closeTitle({ name })}
          verb={t.close}
          danger
          busy={close.isSending}
          error={close.error}
          onConfirm={() => close.send({ id })}
          onCancel={done}
        >
          {t.closeText}
        </Confirm>
      )}
    </Page>
  )
}

function About({ cohort, onEdit }: { cohort: Cohort; onEdit: () => void }) {
  const units = useRead(staffApi.units, {})
  const departmentNames = (units.data?.rows ?? []).filter((u) => cohort.filter.departmentIds.includes(u.id)).map((u) => u.name)
  const { purpose, ethicsNumber, leadName, frozenAt, frozenByName, members, closedAt, closedByName } = cohort
  return (
    <Panel
      title={t.about}
      actions={
        <Button size="small" icon="edit" onClick={onEdit}>
          {t.edit}
        </Button>
      }
    >
      <Description
        columns={2}
        items={[
          { label: t.lead, value: leadName },
          { label: t.ethicsNumber, value: ethicsNumber ?? houseWords.none },
          { label: t.purpose, value: purpose || houseWords.none, wide: true },
          { label: t.rule, value: filterText(cohort.filter, departmentNames), wide: true },
          {
            label: t.frozenAt,
            value: t.frozenBy({ who: frozenByName ?? '', at: formatFull(frozenAt), n: formatCount(members) }),
            wide: true,
          },
          ...(closedAt
            ? [{ label: t.statuses.closed, value: t.closedBy({ who: closedByName ?? '', at: formatFull(closedAt) }), wide: true }]
            : []),
        ]}
      />
    </Panel>
  )
}

function Exports({ exports }: { exports: readonly CohortExport[] }) {
  return (
    <Panel title={t.exports} note={t.exportNote} flush>
      <Table of={exports} label={t.exports} empty={t.noExports} rowKey={(e: CohortExport) => e.serial} plain>
        <Column name={t.exportedAt} width={130} show={(e: CohortExport) => formatMoment(e.at)} />
        <Column name={t.exportedBy} width={140} show={(e: CohortExport) => e.byName} cut />
        <Column name={t.format} width={120} show={(e: CohortExport) => t.formats[e.format]} />
        <Column name={t.layout} width={150} show={(e: CohortExport) => t.layouts[e.layout]} cut />
        <Column
          name={t.isIdentified}
          width={90}
          show={(e: CohortExport) => (e.isIdentified ? <StatusTag tone="warning">{t.isIdentified}</StatusTag> : t.noIdentified)}
        />
        <Column name={t.members} width={80} align="end" show={(e: CohortExport) => formatCount(e.members)} />
        <Column name={t.serial} width={110} show={(e: CohortExport) => e.serial} />
        <Column name={t.reason} show={(e: CohortExport) => e.reason} cut />
      </Table>
    </Panel>
  )
}
