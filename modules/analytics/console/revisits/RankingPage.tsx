import { ExportButton } from '@renxin/access/console'
import { download, GoLink, useMe, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import { Column, formatCount, formatDay, formatPercent, Loaded, Page, Panel, Stack, Table, Tag, Toolbar } from '@renxin/ui'
import { type RankedDoctor, type RevisitRanking, revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { SmallTag } from '../KeyFigures.tsx'
import { KindAndPeriod } from './KindAndPeriod.tsx'
import { RevisitCases } from './RevisitCases.tsx'
import { formatRatio, spanOfRatio, spanOfShare } from './show.ts'

const t = words.revisits
const r = t.ranking

/** Doctors in an order that says no more than their figures do: for the clinic schedule. */
export function RankingPage() {
  const [state, setState] = useUrlState({ kind: '', from: '', to: '', department: '', doctor: '', part: '' })
  const { may } = useMe()
  const kind = state.kind === 'outpatient' ? 'outpatient' : 'discharged'
  const asked = {
    kind,
    ...(state.from && { from: state.from, to: state.to || state.from }),
    ...(state.department && { departmentId: state.department }),
  } as const
  const ranking = useRead(revisitsApi.revisitRanking, asked, { keep: true })
  const shown = ranking.data?.period

  return (
    <Page
      title={r.title}
      note={ranking.data && <Note {...ranking.data} />}
      actions={
        <>
          <GoLink to="analytics.revisits" search={{ kind, by: 'doctor' }} className="rx-button rx-button-plain">
            {r.back}
          </GoLink>
          {may('analytics.export') && (
            <ExportButton label={words.export} onTake={(how) => download(revisitsApi.exportRevisitRanking, { ...asked, ...how })} />
          )}
        </>
      }
    >
      <Toolbar label={words.filters}>
        <KindAndPeriod
          kind={kind}
          from={state.from || shown?.fromMonth || ''}
          to={state.to || shown?.toMonth || state.from}
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
      <Loaded of={ranking} lines={12}>
        {(found) => (
          <Stack gap={16}>
            <Ranks of={found} onOpen={(doctor) => setState({ doctor, part: 'base' }, { push: true })} />
            <Panel title={words.definitions}>
              <p>{r.means({ n: found.ranked })}</p>
              <p>{t.means[kind]}</p>
              <p>{t.means.expected({ from: found.period.reference.fromMonth, to: found.period.reference.toMonth })}</p>
            </Panel>
          </Stack>
        )}
      </Loaded>
      {state.doctor && shown && (
        <RevisitCases
          part={state.part}
          asked={{ ...asked, from: shown.fromMonth, to: shown.toMonth }}
          row={{ of: 'doctor', id: state.doctor }}
          onPart={(part) => setState({ part })}
          onClose={() => setState({ doctor: '', part: '' })}
        />
      )}
    </Page>
  )
}

function Note({ period: { fromMonth, toMonth, dueUntil }, by, ranked, rows }: RevisitRanking) {
  return (
    <span>
      {fromMonth} ~ {toMonth} · {t.dueUntil({ day: formatDay(dueUntil) })} · {r.by[by]} · {r.note({ n: ranked, few: rows.length - ranked })}
    </span>
  )
}

function Ranks({ of: { rows }, onOpen }: { of: RevisitRanking; onOpen: (doctor: string) => void }) {
  return (
    <Panel title={r.title} flush>
      <Table of={rows} label={r.title} rowKey={(d) => d.doctorId} onOpen={(d) => onOpen(d.doctorId)} empty={r.noDoctors} maxHeight={680}>
        <Column name={t.doctor} show={(d: RankedDoctor) => <Doctor {...d} />} />
        <Column name={r.rank} align="end" show={(d: RankedDoctor) => rankOf(d)} width={92} />
        <Column name={words.department} show={(d: RankedDoctor) => d.departmentName ?? words.unknownUnit} />
        <Column name={t.base} align="end" show={(d: RankedDoctor) => formatCount(d.figure.base)} width={92} />
        <Column name={t.rate} show={(d: RankedDoctor) => <Rate {...d} />} width={190} />
        <Column name={t.expectedRate} align="end" show={(d: RankedDoctor) => formatPercent(d.figure.expectedShare)} width={92} />
        <Column name={t.ratio} show={(d: RankedDoctor) => <Ratio {...d} />} width={150} />
        <Column name={r.group} show={(d: RankedDoctor) => <Group {...d} />} width={116} />
      </Table>
    </Panel>
  )
}

const rankOf = ({ rankFrom, rankTo }: RankedDoctor) => {
  if (rankFrom === null || rankTo === null) return '—'
  return rankFrom === rankTo ? String(rankFrom) : r.rankOf({ from: rankFrom, to: rankTo })
}

function Doctor({ place, name, number, title }: RankedDoctor) {
  return (
    <>
      {place !== null && <small>{place} </small>}
      <strong>{name}</strong> <small>{[number, title].filter(Boolean).join(' · ')}</small>
    </>
  )
}

function Rate({ figure }: RankedDoctor) {
  return (
    <>
      {formatPercent(figure.share)} <small title={words.interval}>({spanOfShare(figure)})</small>
    </>
  )
}

function Ratio({ figure }: RankedDoctor) {
  if (figure.ratio === null) return '—'
  return (
    <>
      {formatRatio(figure.ratio)} <small title={words.interval}>({spanOfRatio(figure)})</small>
    </>
  )
}

function Group({ group }: RankedDoctor) {
  if (group === 'few') return <SmallTag />
  return <Tag tone={group === 'below' ? 'warning' : group === 'above' ? 'success' : 'plain'}>{r.groups[group]}</Tag>
}
