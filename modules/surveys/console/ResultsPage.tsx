import { GoLink, useGo, useList, useMe, useParams, useRead, useUrlState } from '@renxin/client'
import { addMonths } from '@renxin/kernel'
import { UnitSelect } from '@renxin/staff/console'
import {
  Button,
  Column,
  DateRangeField,
  Empty,
  formatMoment,
  formatScore,
  Loaded,
  Page,
  Panel,
  Stack,
  Table,
  Tabs,
  Toolbar,
  today,
} from '@renxin/ui'
import { type QuestionResult, type ResponseCard, surveysApi } from '../contract.ts'
import { words } from '../words.ts'
import { AnalysesTab } from './analyses/AnalysesTab.tsx'
import { QuestionPanel } from './QuestionPanel.tsx'
import { SmallSamplesButton } from './SmallSamplesButton.tsx'

const w = words.results
const departments = ['department'] as const
const wards = ['ward'] as const

/** What people answered over a time, question by question, and the responses themselves. */
export function ResultsPage() {
  const { id = '' } = useParams()
  const [filters, setFilters] = useUrlState({ from: addMonths(today(), -1), to: today(), department: '', ward: '', tab: 'questions' })
  const asked = {
    questionnaireId: id,
    from: filters.from,
    to: filters.to,
    ...(filters.department && { departmentId: filters.department }),
    ...(filters.ward && { wardId: filters.ward }),
  }
  const { wardId: _, ...ofDepartment } = asked // an analysis may be told apart by ward; it is of departments
  const { scopeOf } = useMe()
  const results = useRead(surveysApi.results, asked, { keep: true })
  const widen = () => setFilters({ from: addMonths(filters.from, -3) })
  return (
    <Page
      title={results.data?.title ?? w.title}
      note={results.data && w.total({ n: results.data.n })}
      actions={scopeOf('surveys.edit') === 'hospital' && <SmallSamplesButton />}
      back={<GoLink to="surveys.questionnaires">{words.builder.back}</GoLink>}
    >
      <Stack>
        <Toolbar label={w.title}>
          <DateRangeField
            label={w.range}
            value={[filters.from, filters.to]}
            onChange={(days) => days && setFilters({ from: days[0], to: days[1] })}
          />
          <UnitSelect
            label={w.department}
            kinds={departments}
            value={filters.department || null}
            onChange={(unit) => setFilters({ department: unit ?? '' })}
          />
          <UnitSelect label={w.ward} kinds={wards} value={filters.ward || null} onChange={(unit) => setFilters({ ward: unit ?? '' })} />
        </Toolbar>
        <Tabs
          label={w.title}
          value={filters.tab === 'responses' || filters.tab === 'analyses' ? filters.tab : 'questions'}
          onChange={(tab) => setFilters({ tab })}
          tabs={[
            {
              key: 'questions',
              label: w.byQuestion,
              content: <Loaded of={results}>{(r) => <Questions of={r} onWiden={widen} />}</Loaded>,
            },
            { key: 'analyses', label: words.analyses.title, content: <AnalysesTab asked={ofDepartment} /> },
            { key: 'responses', label: w.responses, content: <Responses asked={asked} onWiden={widen} /> },
          ]}
        />
      </Stack>
    </Page>
  )
}

type Answered = { questions: readonly QuestionResult[]; n: number; least: number }

function Questions({ of: { questions, n, least }, onWiden }: { of: Answered; onWiden: () => void }) {
  const wider = (
    <Button kind="primary" onClick={onWiden}>
      {w.widen}
    </Button>
  )
  if (n < least) return <Empty action={wider}>{w.tooFew({ least })}</Empty>
  return (
    <Stack>
      {questions.map((q) => (
        <QuestionPanel key={q.linkId} question={q} least={least} />
      ))}
    </Stack>
  )
}

type Asked = { questionnaireId: string; from: string; to: string; departmentId?: string; wardId?: string }

function Responses({ asked, onWiden }: { asked: Asked; onWiden: () => void }) {
  const go = useGo()
  const { may } = useMe()
  const list = useList(surveysApi.responses, asked)
  const open = (r: ResponseCard) => go('surveys.response', { id: r.id })
  return (
    <Panel flush>
      <Table
        of={list}
        label={w.responses}
        onOpen={may('encounters.read') ? open : undefined}
        empty={w.noResponses}
        emptyAction={
          <Button kind="primary" onClick={onWiden}>
            {w.widen}
          </Button>
        }
        memory="surveys.responses"
      >
        <Column name={w.whenAnswered} width={160} show={(r: ResponseCard) => formatMoment(r.completedAt)} />
        <Column name={w.patient} show={(r: ResponseCard) => r.patientName} />
        <Column name={w.place} show={(r: ResponseCard) => [r.departmentName, r.wardName].filter(Boolean).join(' ')} />
        <Column name={w.channel} width={100} show={(r: ResponseCard) => w.channels[r.channel]} />
        <Column name={w.respondent} width={110} show={(r: ResponseCard) => w.respondents[r.respondent]} />
        <Column name={w.score} width={90} align="end" show={(r: ResponseCard) => formatScore(r.scoreMean)} />
      </Table>
    </Panel>
  )
}
