import { oneOf, useList, useMe, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Button, Column, formatAge, formatMoment, houseWords, Page, Panel, Row, Stack, Table, Tabs, Tag, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { type FlagList, type FlagRow, flagLists, flagsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { Duties } from './Duties.tsx'
import { OpenFlag } from './OpenFlag.tsx'
import { Due, Severity, State } from './phrases.tsx'

const w = words.flags

/** The doctor's red flags, and for those who look after them all that nobody has closed, the overdue first. */
export function FlagsPage() {
  const { may } = useMe()
  const isDoctor = may('followups.closeFlags')
  const [place, setPlace] = useUrlState({ list: isDoctor ? 'mine' : 'open', department: '', open: '' })
  const [isSettingDuties, setSettingDuties] = useState(false)
  const list = oneOf(flagLists, place.list) ?? 'open'
  const flags = useList(
    flagsApi.flags,
    { list, ...(place.department && { departmentId: place.department }) },
    { keep: true, everySeconds: 30 },
  )
  const counts = useRead(flagsApi.flagCounts, {}, { keep: true, everySeconds: 30 })
  const badge = (key: FlagList) => (key === 'closed' ? undefined : counts.data?.[key])
  return (
    <Page title={w.title} actions={may('followups.giveFlags') && <Button onClick={() => setSettingDuties(true)}>{w.duties}</Button>}>
      <Stack>
        <Toolbar label={w.title}>
          <UnitSelect
            label={words.department}
            hideLabel
            kinds={['department']}
            value={place.department || null}
            onChange={(id) => setPlace({ department: id ?? '', open: '' })}
          />
        </Toolbar>
        <Tabs
          label={w.title}
          value={list}
          onChange={(key) => setPlace({ list: key, open: '' })}
          tabs={flagLists.filter((key) => key !== 'mine' || isDoctor).map((key) => ({ key, label: w.lists[key], badge: badge(key) }))}
        />
        <ByDepartment rows={counts.data?.departments ?? []} onChoose={(id) => setPlace({ list: 'open', department: id, open: '' })} />
        <Panel flush>
          <Table
            of={flags}
            label={w.lists[list]}
            memory="followups.flags"
            opened={place.open}
            onOpen={(f: FlagRow) => setPlace({ open: f.id })}
            empty={w.empty[list]}
          >
            <Column name={w.flag} show={(f: FlagRow) => <Title flag={f} />} />
            <Column
              name={words.patient}
              show={(f: FlagRow) => (
                <>
                  <strong>{f.patientName}</strong>{' '}
                  <small>{[houseWords.sex[f.sex], f.birthOn && formatAge(f.birthOn)].filter(Boolean).join(' · ')}</small>
                </>
              )}
              width={150}
            />
            <Column name={words.department} show={(f: FlagRow) => f.departmentName} width={130} />
            <Column name={w.raisedAt} show={(f: FlagRow) => formatMoment(f.raisedAt)} width={120} />
            <Column
              name={list === 'closed' ? words.closedAt : w.dueAt}
              show={(f: FlagRow) => (list === 'closed' ? formatMoment(f.closedAt) : <Due flag={f} />)}
              width={140}
            />
            <Column name={w.doctor} show={(f: FlagRow) => f.doctorName ?? w.nobody} width={100} />
            <Column name={w.state} show={(f: FlagRow) => <State flag={f} />} width={120} />
          </Table>
        </Panel>
      </Stack>
      {place.open && <OpenFlag id={place.open} onClose={() => setPlace({ open: '' })} />}
      {isSettingDuties && <Duties onClose={() => setSettingDuties(false)} />}
    </Page>
  )
}

function Title({ flag }: { flag: FlagRow }) {
  return (
    <Row gap={4}>
      <Severity flag={flag} />
      <strong>{flag.title}</strong>
      {flag.status === 'open' && !flag.isTold && <Tag tone="warning">{w.notTold}</Tag>}
    </Row>
  )
}

type Line = { id: string | null; name: string | null; open: number; overdue: number }

function ByDepartment({ rows, onChoose }: { rows: readonly Line[]; onChoose: (id: string) => void }) {
  if (rows.length === 0) return null
  return (
    <section aria-label={w.byDepartment}>
      <Row gap={4}>
        {rows.map((r) => (
          <Button key={r.id ?? ''} size="small" disabled={r.id === null} onClick={() => r.id !== null && onChoose(r.id)}>
            {w.departmentLine({ name: r.name ?? w.noDepartment, open: r.open, overdue: r.overdue })}
          </Button>
        ))}
      </Row>
    </section>
  )
}
