import { oneOf, useList, useMe } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Choice, Column, formatDay, formatMoment, Panel, Stack, StatusTag, Table, Tag, Toolbar } from '@renxin/ui'
import { type CheckedLevel, checkedLevels, checksApi, type Sampled } from '../../contract.ts'
import { words } from '../../words.ts'
import { CheckDrawer } from './CheckDrawer.tsx'
import { callTones, recordedTones } from './check-tones.ts'

const t = words.checks
const shows = ['all', 'open', 'wrong'] as const

type State = { open: string; show: string; department: string }
type Props = { month: string; state: State; onState: (change: Partial<State>, how?: { push?: boolean }) => void }

/** Whom the centre drew, with what is on record of each level and what was found. */
export function CheckList({ month, state, onState }: Props) {
  const { scopeOf } = useMe()
  const show = oneOf(shows, state.show) ?? 'all'
  const list = useList(checksApi.checks, { month, show, ...(state.department && { departmentId: state.department }) }, { keep: true })
  return (
    <Stack>
      <Toolbar label={t.tabs.list}>
        <Choice
          label={t.show}
          hideLabel
          value={show}
          onChange={(value) => onState({ show: value })}
          options={shows.map((value) => ({ value, label: t.shows[value] }))}
        />
        {scopeOf('followups.checks') === 'hospital' && (
          <UnitSelect
            label={words.department}
            hideLabel
            kinds={['department']}
            value={state.department || null}
            onChange={(id) => onState({ department: id ?? '' })}
          />
        )}
      </Toolbar>
      <Panel flush>
        <Table
          of={list}
          label={t.tabs.list}
          empty={t.none}
          opened={state.open}
          onOpen={(s: Sampled) => onState({ open: s.id }, { push: true })}
        >
          <Column name={words.patient} show={(s: Sampled) => <strong>{s.patientName}</strong>} />
          <Column name={words.department} width={150} show={(s: Sampled) => s.departmentName} />
          <Column name={t.dischargedOn} width={120} show={(s: Sampled) => formatDay(s.dischargedOn)} />
          <Column name={t.reached} width={150} show={(s: Sampled) => (s.reachedAt ? formatMoment(s.reachedAt) : t.notReached)} />
          {checkedLevels.map((level) => (
            <Column key={level} name={t.levels[level]} width={230} show={(s: Sampled) => <OfLevel of={s} level={level} />} />
          ))}
        </Table>
      </Panel>
      {state.open && <CheckDrawer id={state.open} onClose={() => onState({ open: '' })} />}
    </Stack>
  )
}

function OfLevel({ of, level }: { of: Sampled; level: CheckedLevel }) {
  const work = of.levels.find((l) => l.level === level)
  if (!work) return null
  const { recorded, check } = work
  return (
    <>
      <Tag tone={recordedTones[recorded]}>{t.recordedAs[recorded]}</Tag>{' '}
      {check ? <StatusTag tone={callTones[check.call]}>{t.calls[check.call]}</StatusTag> : <Tag>{t.notChecked}</Tag>}
      {check?.answers === 'differ' && <Tag tone="danger">{t.counts.differ}</Tag>}
    </>
  )
}
