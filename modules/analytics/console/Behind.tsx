import { GoLink, useList } from '@renxin/client'
import { Choice, Column, Drawer, formatDay, houseWords, Stack, StatusTag, Table, Tag } from '@renxin/ui'
import type { ReactNode } from 'react'
import { type AnswerRow, analyticsApi, type ContactRow, type DischargeRow, type OpinionRow } from '../contract.ts'
import { nameOfOutcome, words } from '../words.ts'

const behinds = ['discharges', 'coverage', 'contacts', 'satisfaction', 'nps', 'opinions'] as const
type BehindWhat = (typeof behinds)[number]
export const isBehind = (what: string): what is BehindWhat => behinds.some((b) => b === what)

type Part = { part: string; ward: string; category: string }
/** Opens the rows behind a figure. */
export type Look = (what: BehindWhat, more?: Partial<Part>) => void

type Asked = { from?: string; to?: string; departmentId?: string }
type BehindProps = { what: BehindWhat; asked: Asked; state: Part; onChange: (change: Partial<Part & { open: string }>) => void }

/** What a figure means and the very rows it was counted from. */
export function Behind({ what, asked, state, onChange }: BehindProps) {
  const titles: Record<BehindWhat, string> = {
    discharges: words.discharged,
    coverage: words.coverage,
    contacts: words.contacts,
    satisfaction: words.satisfaction,
    nps: words.nps,
    opinions: words.opinions,
  }
  const meanings = { ...words.means, discharges: words.means.discharged }
  const filter = { ...asked, ...(state.ward && { wardId: state.ward }) }
  return (
    <Drawer title={`${titles[what]} · ${words.rows}`} size={880} onClose={() => onChange({ open: '', part: '', ward: '', category: '' })}>
      <Stack gap={12}>
        <details open>
          <summary>{words.definition}</summary>
          <p>{meanings[what]}</p>
        </details>
        <Parts what={what} part={state.part} onChange={(part) => onChange({ part })} />
        <Rows what={what} filter={filter} part={state.part} category={state.category} />
      </Stack>
    </Drawer>
  )
}

const partsOf: Record<BehindWhat, { value: string; label: () => string }[]> = {
  discharges: [],
  coverage: [
    { value: 'covered', label: () => words.covered },
    { value: 'open', label: () => words.notCovered },
  ],
  contacts: [
    { value: 'yes', label: () => words.reached },
    { value: 'no', label: () => words.notReached },
  ],
  satisfaction: (['satisfied', 'noOpinion', 'dissatisfied'] as const).map((v) => ({ value: v, label: () => words.verdicts[v] })),
  nps: (['promoter', 'passive', 'detractor'] as const).map((v) => ({ value: v, label: () => words.verdicts[v] })),
  opinions: (['complaint', 'suggestion', 'praise', 'remark'] as const).map((k) => ({ value: k, label: () => words.opinionKind[k] })),
}

function Parts({ what, part, onChange }: { what: BehindWhat; part: string; onChange: (part: string) => void }) {
  const parts = partsOf[what]
  if (parts.length === 0) return null
  const all = { value: '', label: words.all }
  return (
    <Choice
      label={words.filters}
      hideLabel
      value={part}
      onChange={onChange}
      options={[all, ...parts.map((p) => ({ value: p.value, label: p.label() }))]}
    />
  )
}

type RowsProps = { what: BehindWhat; filter: Asked & { wardId?: string }; part: string; category: string }

function Rows({ what, filter, part, category }: RowsProps) {
  switch (what) {
    case 'discharges':
      return <Discharges filter={filter} />
    case 'coverage':
      return <Discharges filter={{ ...filter, coverage: part === 'covered' || part === 'open' ? part : 'base' }} />
    case 'contacts':
      return <Contacts filter={{ ...filter, ...(part === 'yes' || part === 'no' ? { reached: part } : {}) }} />
    case 'satisfaction':
    case 'nps':
      return <Answers filter={{ ...filter, measure: what, ...(isVerdict(part) && { verdict: part }) }} />
    case 'opinions':
      return <Opinions filter={{ ...filter, ...(isKind(part) && { kind: part }), ...(category && { categoryId: category }) }} />
  }
}

const isVerdict = (part: string): part is AnswerRow['verdict'] => Object.hasOwn(words.verdicts, part)
const isKind = (part: string): part is OpinionRow['kind'] => Object.hasOwn(words.opinionKind, part)

type Ask<R extends keyof typeof analyticsApi> = Parameters<typeof useList<(typeof analyticsApi)[R]>>[1]

function Discharges({ filter }: { filter: Ask<'discharges'> }) {
  const list = useList(analyticsApi.discharges, filter)
  return (
    <Table of={list} label={words.rows} empty={words.noRows}>
      <Column name={words.patient} show={(r: DischargeRow) => <Patient {...r} />} />
      <Column name={words.ward} show={(r: DischargeRow) => placeOf(r)} />
      <Column name={words.number} show={(r: DischargeRow) => r.number} />
      <Column name={words.dischargedOn} show={(r: DischargeRow) => formatDay(r.dischargedOn)} width={110} />
      <Column name={words.diagnosis} show={(r: DischargeRow) => r.mainDiagnosisName} cut />
      <Column name={words.reachedOn} show={(r: DischargeRow) => formatDay(r.reachedOn)} width={120} />
      <Column name={words.isCovered} show={(r: DischargeRow) => <Covered {...r} />} width={90} />
    </Table>
  )
}

function Covered({ isAlive, isCovered }: DischargeRow) {
  if (!isAlive) return <Tag>{words.died}</Tag>
  return isCovered ? <StatusTag tone="success">{houseWords.yes}</StatusTag> : <StatusTag>{houseWords.no}</StatusTag>
}

function Contacts({ filter }: { filter: Ask<'contacts'> }) {
  const list = useList(analyticsApi.contacts, filter)
  return (
    <Table of={list} label={words.rows} empty={words.noRows}>
      <Column name={words.patient} show={(r: ContactRow) => <Patient {...r} />} />
      <Column name={words.ward} show={(r: ContactRow) => placeOf(r)} />
      <Column name={words.programme} show={(r: ContactRow) => r.programmeName} cut />
      <Column name={words.closedOn} show={(r: ContactRow) => formatDay(r.closedOn)} width={110} />
      <Column name={words.outcome} show={(r: ContactRow) => nameOfOutcome(r.outcome)} width={110} />
      <Column name={words.tries} align="end" show={(r: ContactRow) => r.tries} width={64} />
    </Table>
  )
}

function Answers({ filter }: { filter: Ask<'answers'> }) {
  const list = useList(analyticsApi.answers, filter)
  return (
    <Table of={list} label={words.rows} empty={words.noRows}>
      <Column
        name={words.patient}
        show={(r: AnswerRow) => r.patientId && <Patient patientId={r.patientId} patientName={r.patientName} />}
      />
      <Column name={words.ward} show={(r: AnswerRow) => placeOf(r)} />
      <Column name={words.questionnaire} show={(r: AnswerRow) => r.questionnaireTitle} cut />
      <Column name={words.answeredOn} show={(r: AnswerRow) => formatDay(r.day)} width={110} />
      <Column name={words.verdict} show={(r: AnswerRow) => words.verdicts[r.verdict]} width={90} />
      <Column name={words.score} align="end" show={(r: AnswerRow) => r.score} width={64} />
    </Table>
  )
}

function Opinions({ filter }: { filter: Ask<'opinions'> }) {
  const list = useList(analyticsApi.opinions, filter)
  return (
    <Table of={list} label={words.rows} empty={words.noRows}>
      <Column name={words.kind} show={(r: OpinionRow) => <Tag tone={tones[r.kind]}>{words.opinionKind[r.kind]}</Tag>} width={80} />
      <Column name={words.category} show={(r: OpinionRow) => r.category ?? words.unknownCategory} width={110} />
      <Column name={words.said} show={(r: OpinionRow) => r.text} />
      <Column name={words.ward} show={(r: OpinionRow) => placeOf(r)} />
      <Column
        name={words.patient}
        show={(r: OpinionRow) => r.patientId && <Patient patientId={r.patientId} patientName={r.patientName} />}
      />
      <Column name={words.day} show={(r: OpinionRow) => formatDay(r.day)} width={110} />
    </Table>
  )
}

const tones = { praise: 'warm', complaint: 'warning', suggestion: 'info', remark: 'plain' } as const

const Patient = ({ patientId, patientName }: { patientId: string; patientName: string | null }): ReactNode => (
  <GoLink to="patients.file" params={{ id: patientId }}>
    {patientName || houseWords.none}
  </GoLink>
)

const placeOf = (row: { wardName: string | null; departmentName: string | null }) => row.wardName ?? row.departmentName ?? words.unknownUnit
