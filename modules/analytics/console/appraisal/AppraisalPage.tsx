import { ExportButton } from '@renxin/access/console'
import { download, oneOf, useMe, useRead, useUrlState } from '@renxin/client'
import { isLevelTwoPart, LevelTwoRows, LevelTwoTable } from '@renxin/followups/console'
import { UnitSelect } from '@renxin/staff/console'
import {
  Banner,
  Choice,
  Columns,
  Empty,
  formatDay,
  formatPercent,
  formatTime,
  Loaded,
  MonthField,
  Page,
  Panel,
  SelectField,
  Stack,
  Toolbar,
} from '@renxin/ui'
import {
  type Appraisal,
  type AppraisalDimension,
  appraisalApi,
  appraisalDimensions,
  appraisalLevels,
  appraisalSpans,
} from '../../contract.ts'
import { nameOfAppraised, words } from '../../words.ts'
import { AppraisalFigures } from './AppraisalFigures.tsx'
import { AppraisalRows, isListed, type OfRow } from './AppraisalRows.tsx'
import { AppraisalTable, NotReached } from './AppraisalTable.tsx'
import { countedDays, nameOfPeriod, shareOf } from './show.ts'

const t = words.appraisal

/** How follow-up was done in a month, a quarter or a year: each figure with its share, its change, its target, and the rows behind it. */
export function AppraisalPage() {
  const [state, setState] = useUrlState({ span: '', month: '', level: '', department: '', by: '', part: '', of: '' })
  const { may } = useMe()
  const span = oneOf(appraisalSpans, state.span) ?? 'month'
  const by = oneOf(appraisalDimensions, state.by) ?? 'department'
  const level = oneOf(appraisalLevels, state.level)
  const asked = {
    span,
    ...(state.month && { month: state.month }),
    ...(level && { level }),
    ...(state.department && { departmentId: state.department }),
  }
  const appraisal = useRead(appraisalApi.appraisal, { ...asked, by }, { keep: true, everySeconds: 60 })
  const of = Object.fromEntries(new URLSearchParams(state.of)) as OfRow // a row that does not exist is refused by the route
  const look = (part: string, row: Record<string, string> = {}) =>
    setState({ part, of: new URLSearchParams(row).toString() }, { push: true })

  return (
    <Page
      title={t.title}
      note={appraisal.data && <Note {...appraisal.data} />}
      actions={
        may('analytics.export') && (
          <ExportButton label={words.export} onTake={(how) => download(appraisalApi.exportAppraisal, { ...asked, ...how })} />
        )
      }
    >
      <Toolbar label={words.filters}>
        <Choice
          label={t.spanLabel}
          hideLabel
          value={span}
          onChange={(value) => setState({ span: value ?? '' })}
          options={appraisalSpans.map((value) => ({ value, label: t.spans[value] }))}
        />
        <MonthField
          label={t.monthIn}
          hideLabel
          value={state.month || appraisal.data?.period.toMonth || null}
          onChange={(month) => setState({ month: month ?? '' })}
        />
        <SelectField
          label={t.levelLabel}
          hideLabel
          placeholder={t.allLevels}
          value={level ?? null}
          onChange={(value) => setState({ level: value ?? '' })}
          options={appraisalLevels.map((value) => ({ value, label: t.levels[value] }))}
        />
        <UnitSelect
          label={words.department}
          hideLabel
          kinds={['department']}
          value={state.department || null}
          onChange={(department) => setState({ department: department ?? '' })}
        />
      </Toolbar>
      <Loaded of={appraisal} lines={12}>
        {(shown) =>
          shown.rows.length === 0 ? (
            <Empty>{`${words.nothing}${words.nothingHint}`}</Empty>
          ) : (
            <Stack gap={16}>
              <AppraisalFigures of={shown} look={look} />
              <Against of={shown} by={by} />
              <AppraisalTable of={shown} by={by} onBy={(value) => setState({ by: value })} look={look} />
              {shown.levelTwo.length > 0 && (
                <LevelTwoTable of={shown.levelTwo} onOpen={(part, departmentId) => look(part, { departmentId })} />
              )}
              <Columns sizes="minmax(0, 1fr) minmax(0, 1fr)">
                <NotReached of={shown} look={look} />
                <Meaning />
              </Columns>
            </Stack>
          )
        }
      </Loaded>
      {isLevelTwoPart(state.part) && appraisal.data && (
        <LevelTwoRows
          part={state.part}
          asked={{ ...countedDays(appraisal.data.period), ...(of.departmentId && { departmentId: of.departmentId }) }}
          routes={{ urges: appraisalApi.appraisedUrges, spots: appraisalApi.appraisedSpots }}
          onPart={(part) => setState({ part })}
          onClose={() => setState({ part: '', of: '' })}
        />
      )}
      {isListed(state.part) && (
        <AppraisalRows
          part={state.part}
          asked={asked}
          of={of}
          period={appraisal.data?.period}
          onPart={(part) => setState({ part })}
          onTime={(time) => look(state.part, { ...of, time })}
          onClose={() => setState({ part: '', of: '' })}
        />
      )}
    </Page>
  )
}

function Note({ period, countedAt }: Appraisal) {
  const day = formatDay(period.dueUntil)
  return (
    <span>
      {nameOfPeriod(period)} · {period.isPartial ? t.partial({ day }) : `${period.days.from} ~ ${period.days.to}`} ·{' '}
      {words.countedAt({ at: formatTime(countedAt) })}
    </span>
  )
}

/** Whose share is below the target, named in one line. */
function Against({ of: { rows }, by }: { of: Appraisal; by: AppraisalDimension }) {
  const measured = rows.filter((r) => r.standing !== null)
  if (by === 'level' || measured.length === 0) return null
  const low = measured.filter((r) => r.standing === 'below')
  const what = t.dimension[by]
  if (low.length === 0) return <Banner tone="success">{t.bandsFine({ what })}</Banner>
  const count = (standing: string) => String(measured.filter((r) => r.standing === standing).length)
  return (
    <Banner tone="warning">
      {t.bandsOf({ what, below: count('below'), within: count('within'), above: count('above') })}{' '}
      <strong>
        {low
          .slice(0, 6)
          .map((r) => `${nameOfAppraised(by, r)} ${formatPercent(shareOf(r.counts, 'reachedInTime'))}`)
          .join('、')}
      </strong>
      {low.length > 6 && '…'}
    </Banner>
  )
}

const meanings = () =>
  [
    [t.due, t.means.due],
    [t.done, t.means.done],
    [t.doneInTime, t.means.inTime],
    [t.reached, t.means.reached],
    [t.reachedInTime, t.means.band],
    [t.stopped, t.means.stopped],
    [t.tries, t.means.work],
    [t.time, t.means.time],
    [t.nurse, t.means.nurse],
    [t.dimension.class, t.means.class],
  ] as const

const Meaning = () => (
  <Panel title={words.definitions}>
    {meanings().map(([name, meaning]) => (
      <p key={name}>
        <strong>{name}</strong> {meaning}
      </p>
    ))}
  </Panel>
)
