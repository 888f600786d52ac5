import { GoLink, useList } from '@renxin/client'
import { Button, Column, Empty, ErrorNote, formatDay, houseWords, Row, Skeleton, Stack, StatusTag, Table } from '@renxin/ui'
import { type CheckUp, type CheckUpItem, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import type { Place } from './place.ts'
import { Narrative } from './ReportView.tsx'
import { ValueMark } from './ValueMark.tsx'

const t = words.checkUps

/** The check-ups of a person, newest first: the conclusion before the figures, and of these what is not as it should be. */
export function CheckUps({ place, isAlone = false }: { place: Place; isAlone?: boolean }) {
  const { rows, hasMore, isLoading, isLoadingMore, error, more } = useList(recordsApi.checkUps, { ...place, limit: 5 })
  if (error !== null) return <ErrorNote error={error} />
  if (isLoading) return <Skeleton lines={6} />
  if (rows.length === 0) return <Empty>{t.empty}</Empty>
  return (
    <Stack gap={24}>
      {rows.map((checkUp) => (
        <OneCheckUp key={checkUp.id} checkUp={checkUp} isAlone={isAlone} />
      ))}
      {hasMore && (
        <Row>
          <Button kind="quiet" size="small" busy={isLoadingMore} onClick={() => void more()}>
            {houseWords.loadMore}
          </Button>
        </Row>
      )}
    </Stack>
  )
}

function OneCheckUp({ checkUp: c, isAlone }: { checkUp: CheckUp; isAlone: boolean }) {
  return (
    <section aria-label={`${t.one} ${formatDay(c.at)}`}>
      <Stack gap={8}>
        <Row gap={12}>
          <strong>{formatDay(c.at)}</strong>
          {c.department && <span>{c.department.name}</span>}
          <Sum checkUp={c} />
          {!isAlone && (
            <GoLink to="encounters.stay" params={{ id: c.id }}>
              {t.open}
            </GoLink>
          )}
        </Row>
        <div>
          <div className="rx-note">{t.conclusion}</div>
          {c.conclusion ? <Narrative text={c.conclusion} /> : t.noConclusion}
        </div>
        {c.findings.length > 0 && <Findings findings={c.findings} />}
        {c.abnormal.length > 0 && <Abnormal items={c.abnormal} />}
      </Stack>
    </section>
  )
}

function Sum({ checkUp: { items, abnormal } }: { checkUp: CheckUp }) {
  if (items === 0) return <StatusTag>{t.noItems}</StatusTag>
  if (abnormal.length === 0) return <StatusTag tone="success">{t.allNormal({ n: items })}</StatusTag>
  return <StatusTag tone="warning">{t.abnormalOf({ n: items, abnormal: abnormal.length })}</StatusTag>
}

function Findings({ findings }: Pick<CheckUp, 'findings'>) {
  return (
    <div>
      <div className="rx-note">{t.findings}</div>
      <ul className="rx-plain-list">
        {findings.map((f) => (
          <li key={f.reportId}>
            <GoLink to="encounters.report" params={{ id: f.reportId }}>
              {f.title ?? words.records.untitled}
            </GoLink>{' '}
            {f.conclusion}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Abnormal({ items }: { items: readonly CheckUpItem[] }) {
  const w = words.records
  return (
    <Table of={items.map((item, at) => ({ ...item, id: String(at) }))} label={t.abnormal} plain>
      <Column name={w.analyte} show={(i: CheckUpItem) => i.name} />
      <Column name={w.value} width={200} show={(i: CheckUpItem) => <Measured value={i.value} unit={i.unit} mark={i.mark} />} />
      <Column name={t.before} width={200} show={(i: CheckUpItem) => <Before item={i} />} />
      <Column name={w.range} width={130} show={(i: CheckUpItem) => i.range ?? houseWords.none} />
    </Table>
  )
}

function Before({ item: { before, unit } }: { item: CheckUpItem }) {
  if (!before) return <span className="rx-note">{t.first}</span>
  return (
    <span title={formatDay(before.at)}>
      <Measured value={before.value} unit={unit} mark={before.mark} />
    </span>
  )
}

const Measured = ({ value, unit, mark }: Pick<CheckUpItem, 'value' | 'unit' | 'mark'>) => (
  <Row gap={4}>
    {value ?? houseWords.none} {unit && <small>{unit}</small>} <ValueMark mark={mark} />
  </Row>
)

/** The panel on a patient's page. */
export const CheckUpsOfPatient = ({ patientId = '' }: Record<string, string>) => <CheckUps place={{ patientId }} />
