import { useRead } from '@renxin/client'
import { Button, Choice, Column, NumberField, type Option, Row, SelectField, Stack, Table, TextField } from '@renxin/ui'
import { type Cohort, type CohortVisit, cohortsApi, visitDoers } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.cohorts

type VisitListProps = {
  visits: readonly CohortVisit[]
  onChange: (visits: CohortVisit[]) => void
  wrong: (...path: (string | number)[]) => string | undefined
}

/** The next one that is proposed: three months, then half a year, a year, and one more year each. */
const nextAfter = (last: number) => (last < 3 ? 3 : last < 6 ? 6 : last < 12 ? 12 : last + 12)

/** The visits of a study as they are written. */
export function VisitList({ visits, onChange, wrong }: VisitListProps) {
  const questionnaires = useRead(cohortsApi.cohortQuestionnaires, {})
  const options = (questionnaires.data?.rows ?? []).map((q) => ({ value: q.id, label: q.title }))
  const add = () => {
    const last = visits.at(-1)
    const after = nextAfter(last?.unit === 'months' ? last.after : 0)
    const before = last ?? { beforeDays: 14, afterDays: 14, who: 'centre' as const, questionnaireId: '' }
    const { beforeDays, afterDays, who, questionnaireId } = before
    onChange([...visits, { name: `${after} ${t.units.months}`, unit: 'months', after, beforeDays, afterDays, who, questionnaireId }])
  }
  return (
    <Stack gap={12}>
      {visits.map((visit, at) => (
        <VisitFields
          key={at}
          visit={visit}
          questionnaires={options}
          onChange={(changed) => onChange(visits.map((v, n) => (n === at ? changed : v)))}
          onRemove={() => onChange(visits.filter((_, n) => n !== at))}
          wrong={(...path) => wrong(at, ...path)}
        />
      ))}
      <Row>
        <Button icon="add" onClick={add}>
          {t.addVisit}
        </Button>
      </Row>
    </Stack>
  )
}

type VisitFieldsProps = {
  visit: CohortVisit
  questionnaires: readonly Option[]
  onChange: (visit: CohortVisit) => void
  onRemove: () => void
  wrong: (...path: (string | number)[]) => string | undefined
}

function VisitFields({ visit, questionnaires, onChange, onRemove, wrong }: VisitFieldsProps) {
  const set = (part: Partial<CohortVisit>) => onChange({ ...visit, ...part })
  return (
    <Stack gap={8}>
      <Row gap={12}>
        <TextField
          label={t.visitName}
          required
          value={visit.name}
          onChange={(name) => set({ name })}
          maxLength={40}
          error={wrong('name')}
        />
        <NumberField
          label={t.after}
          min={1}
          max={3650}
          value={visit.after}
          onChange={(n) => set({ after: n ?? 1 })}
          error={wrong('after')}
        />
        <Choice
          label={t.unit}
          value={visit.unit}
          onChange={(unit) => set({ unit })}
          options={(['days', 'months'] as const).map((value) => ({ value, label: t.units[value] }))}
        />
        <NumberField
          label={t.beforeDays}
          min={0}
          max={180}
          value={visit.beforeDays}
          onChange={(n) => set({ beforeDays: n ?? 0 })}
          error={wrong('beforeDays')}
        />
        <NumberField
          label={t.afterDays}
          min={0}
          max={365}
          value={visit.afterDays}
          onChange={(n) => set({ afterDays: n ?? 0 })}
          error={wrong('afterDays')}
        />
        <Choice
          label={t.who}
          value={visit.who}
          onChange={(who) => set({ who })}
          options={visitDoers.map((value) => ({ value, label: t.doers[value] }))}
        />
        <Button kind="quiet" icon="trash" onClick={onRemove}>
          {t.removeVisit}
        </Button>
      </Row>
      <SelectField
        label={t.questionnaire}
        required
        value={visit.questionnaireId || null}
        onChange={(id) => set({ questionnaireId: id ?? '' })}
        options={questionnaires}
        error={wrong('questionnaireId')}
      />
    </Stack>
  )
}

type Planned = Cohort['visits'][number]

/** The visits as they are planned. */
export function PlannedVisits({ visits }: { visits: readonly Planned[] }) {
  return (
    <Table of={visits} label={t.visits} empty={t.noVisits} rowKey={(v: Planned) => String(v.position)} plain>
      <Column name={t.visit} width={120} show={(v: Planned) => v.name} />
      <Column
        name={t.window}
        show={(v: Planned) => t.windowOf({ n: v.after, unit: t.units[v.unit], before: v.beforeDays, after: v.afterDays })}
      />
      <Column name={t.who} width={120} show={(v: Planned) => t.doers[v.who]} />
      <Column name={t.questionnaire} width={320} show={(v: Planned) => v.questionnaireTitle} cut />
    </Table>
  )
}
