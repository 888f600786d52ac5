import { ExportButton } from '@renxin/access/console'
import { download, GoLink, oneOf, useMe, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Banner, Button, Columns, Empty, formatDay, formatPercent, formatTime, Loaded, Page, Panel, Stack, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { type RevisitDimension, type RevisitKind, type Revisits, revisitDimensions, revisitKinds, revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { KindAndPeriod } from './KindAndPeriod.tsx'
import { Reasons } from './Reasons.tsx'
import { isCasesOf, RevisitCases } from './RevisitCases.tsx'
import { RevisitFigures } from './RevisitFigures.tsx'
import { RevisitTable } from './RevisitTable.tsx'
import { RevisitTrend } from './RevisitTrend.tsx'
import { nameOf } from './show.ts'
import { ThresholdDialog } from './ThresholdDialog.tsx'

const t = words.revisits

/** Who came back within a month: the rate beside what was to be expected, whose is too low, and the visits behind each of them. */
export function RevisitsPage() {
  const [state, setState] = useUrlState({ kind: '', by: '', from: '', to: '', department: '', part: '', row: '', rowOf: '', reason: '' })
  const [isSetting, setSetting] = useState(false)
  const { may } = useMe()
  const kind = oneOf(revisitKinds, state.kind) ?? 'discharged'
  const by = oneOf(revisitDimensions, state.by) ?? 'department'
  const asked = {
    kind,
    ...(state.from && { from: state.from, to: state.to || state.from }),
    ...(state.department && { departmentId: state.department }),
  }
  const revisits = useRead(revisitsApi.revisits, { ...asked, by }, { keep: true, everySeconds: 60 })
  const look = (part: string, row = '') => setState({ part, row, rowOf: row && by, reason: '' }, { push: true })

  return (
    <Page
      title={t.title}
      note={revisits.data && <Note {...revisits.data} />}
      actions={
        <>
          <GoLink to="analytics.revisitRanking" search={{ kind }} className="rx-button rx-button-plain">
            {t.ranking.open}
          </GoLink>
          {may('analytics.setTargets') && <Button onClick={() => setSetting(true)}>{t.editThreshold}</Button>}
          {may('analytics.export') && (
            <ExportButton label={words.export} onTake={(how) => download(revisitsApi.exportRevisits, { ...asked, ...how })} />
          )}
        </>
      }
    >
      <Toolbar label={words.filters}>
        <KindAndPeriod
          kind={kind}
          from={state.from || revisits.data?.period.fromMonth || ''}
          to={state.to || revisits.data?.period.toMonth || state.from}
          onChange={setState}
        />
        <UnitSelect
          label={words.department}
          hideLabel
          kinds={['department']}
          value={state.department || null}
          onChange={(department) => setState({ department: department ?? '' })}
        />
      </Toolbar>
      <Loaded of={revisits} lines={12}>
        {(shown) =>
          shown.total.base + shown.leftOut.died + shown.leftOut.transferred + shown.leftOut.readmitted === 0 ? (
            <Empty>{shown.leftOut.notYet > 0 ? `${t.notDueYet}${t.notDueHint}` : `${words.nothing}${words.nothingHint}`}</Empty>
          ) : (
            <Stack gap={16}>
              <RevisitFigures shown={shown} look={look} />
              <Alarms shown={shown} by={by} />
              <RevisitTable shown={shown} by={by} onBy={(value) => setState({ by: value })} onOpen={(row) => look('vanished', row)} />
              <Columns sizes="minmax(0, 1fr) minmax(0, 1fr)">
                <Reasons asked={asked} onOpen={(reason) => setState({ part: 'vanished', row: '', rowOf: '', reason }, { push: true })} />
                <RevisitTrend trend={shown.trend} threshold={shown.threshold} />
              </Columns>
              <Meaning shown={shown} kind={kind} />
            </Stack>
          )
        }
      </Loaded>
      {isCasesOf(state.part) && (
        <RevisitCases
          part={state.part}
          asked={asked}
          reason={state.reason}
          row={{ of: state.rowOf, id: state.row }}
          onPart={(part) => setState({ part, reason: '' })}
          onClose={() => setState({ part: '', row: '', rowOf: '', reason: '' })}
        />
      )}
      {isSetting && <ThresholdDialog onClose={() => setSetting(false)} />}
    </Page>
  )
}

function Note({ period: { dueUntil, isPartial }, countedAt }: Revisits) {
  const day = formatDay(dueUntil)
  return (
    <span>
      {isPartial ? t.partial({ day }) : t.dueUntil({ day })} · {words.countedAt({ at: formatTime(countedAt) })}
    </span>
  )
}

/** Whose rate is too low, named in one line. */
function Alarms({ shown: { rows, threshold }, by }: { shown: Revisits; by: RevisitDimension }) {
  if (threshold === null) return null
  const low = rows.filter((r) => r.figure.alarm !== 'no')
  const said = { what: t.dimension[by], percent: formatPercent(threshold) }
  if (rows.every((r) => r.figure.standing === 'small')) return <Banner>{t.allSmall(said)}</Banner>
  if (low.length === 0) return <Banner tone="success">{t.noAlarm(said)}</Banner>
  const names = low.slice(0, 6).map((r) => `${nameOf(r)} ${formatPercent(r.figure.share)}`)
  return (
    <Banner tone="warning">
      {t.alarms({ ...said, n: low.length })} <strong>{names.join('、')}</strong>
      {low.length > names.length && '…'}
    </Banner>
  )
}

function Meaning({ shown: { period }, kind }: { shown: Revisits; kind: RevisitKind }) {
  const { fromMonth: from, toMonth: to } = period.reference
  return (
    <Panel title={words.definitions}>
      <p>{t.means[kind]}</p>
      <p>{t.means.expected({ from, to })}</p>
      <p>{t.means.ratio}</p>
      <p>
        {t.means.interval} {t.means.alarm}
      </p>
    </Panel>
  )
}
