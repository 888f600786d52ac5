import { ExportButton } from '@renxin/access/console'
import { download, useMe, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Banner, Button, Columns, Empty, formatDays, formatTime, Loaded, Page, Stack, Toolbar } from '@renxin/ui'
import { analyticsApi, type Dashboard } from '../contract.ts'
import { words } from '../words.ts'
import { Behind, isBehind, type Look } from './Behind.tsx'
import { KeyFigures } from './KeyFigures.tsx'
import { OpinionPanels } from './OpinionPanels.tsx'
import { PeriodFields } from './PeriodFields.tsx'
import { spans } from './period.ts'
import { RevisitAlarm } from './revisits/RevisitAlarm.tsx'
import { Trend } from './Trend.tsx'
import { WardTable } from './WardTable.tsx'

/** Five figures, the ward that needs attention, and what lies behind each of them. */
export function DashboardPage() {
  const [state, setState] = useUrlState({ from: '', to: '', department: '', open: '', part: '', ward: '', category: '' })
  const asked = {
    ...(state.from && { from: state.from, to: state.to || state.from }),
    ...(state.department && { departmentId: state.department }),
  }
  const dashboard = useRead(analyticsApi.dashboard, asked, { keep: true, everySeconds: 60 })
  const look: Look = (open, more = {}) => setState({ open, part: '', ward: '', category: '', ...more }, { push: true })

  return (
    <Page title={words.title} note={dashboard.data && <PeriodNote {...dashboard.data} />} actions={<Export asked={asked} />}>
      <Filters state={state} shown={dashboard.data} onChange={setState} />
      <Loaded of={dashboard} lines={12}>
        {(figures) =>
          isEmpty(figures) ? (
            <Empty>
              {words.nothing}
              {words.nothingHint}
            </Empty>
          ) : (
            <Figures figures={figures} look={look} departmentId={state.department} />
          )
        }
      </Loaded>
      {isBehind(state.open) && <Behind what={state.open} asked={asked} state={state} onChange={setState} />}
    </Page>
  )
}

function Figures({ figures, look, departmentId }: { figures: Dashboard; look: Look; departmentId: string }) {
  return (
    <Stack gap={16}>
      <KeyFigures figures={figures} look={look} />
      <Worst figures={figures} look={look} />
      <RevisitAlarm departmentId={departmentId} />
      <Columns sizes="minmax(0, 13fr) minmax(0, 7fr)">
        <WardTable figures={figures} look={look} />
        <OpinionPanels opinions={figures.opinions} look={look} />
      </Columns>
      <Trend trend={figures.trend} band={figures.coverage.band} />
    </Stack>
  )
}

/** One line that names the ward to look at first. */
function Worst({ figures: { worst }, look }: { figures: Dashboard; look: Look }) {
  if (!worst) return <Banner tone="success">{words.nothingWorst}</Banner>
  const behind = { nps: 'nps', satisfaction: 'satisfaction', coverage: 'coverage' } as const
  const part = { nps: 'detractor', satisfaction: 'dissatisfied', coverage: 'open' } as const
  return (
    <Banner
      tone="warning"
      actions={
        <Button size="small" onClick={() => look(behind[worst.by], { ward: worst.wardId, part: part[worst.by] })}>
          {words.openRows}
        </Button>
      }
    >
      {words.worst} <strong>{worst.wardName}</strong> {words.worstBy[worst.by]}
    </Banner>
  )
}

function PeriodNote({ period, countedAt }: Dashboard) {
  const { days, prior, isPartial } = period
  const compared = isPartial
    ? words.partial({ to: days.to, from: prior.from, until: prior.to })
    : words.compared({ from: prior.from, until: prior.to })
  return (
    <span>
      {formatDays(days.from, days.to)} · {compared} · {words.countedAt({ at: formatTime(countedAt) })}
    </span>
  )
}

type Filtered = { from: string; to: string; department: string }

function Filters({
  state,
  shown,
  onChange,
}: {
  state: Filtered
  shown: Dashboard | undefined
  onChange: (change: Partial<Filtered>) => void
}) {
  const from = state.from || shown?.period.fromMonth || ''
  const to = state.to || shown?.period.toMonth || from
  return (
    <Toolbar label={words.filters}>
      <PeriodFields from={from} to={to} spans={spans} onChange={onChange} />
      <UnitSelect
        label={words.department}
        hideLabel
        kinds={['department']}
        value={state.department || null}
        onChange={(department) => onChange({ department: department ?? '' })}
      />
    </Toolbar>
  )
}

function Export({ asked }: { asked: object }) {
  const { may } = useMe()
  if (!may('analytics.export')) return null
  return <ExportButton label={words.export} onTake={(how) => download(analyticsApi.export, { ...asked, ...how })} />
}

const isEmpty = (d: Dashboard) =>
  d.discharged.n + d.contacts.reached + d.contacts.notReached === 0 && d.satisfaction.n === 0 && d.nps.n === 0 && d.wards.length === 0
