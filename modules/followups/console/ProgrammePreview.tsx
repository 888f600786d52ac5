import { GoLink, useList, useMe, useRead } from '@renxin/client'
import { addDays } from '@renxin/kernel'
import { Button, Choice, Column, ErrorNote, formatDay, houseWords, Panel, Row, Stack, Table, Tag, today } from '@renxin/ui'
import { useState } from 'react'
import { MOST_TASKS, type Planned, type ProgrammeBody, previewApi, type Step, timesOf } from '../contract.ts'
import { words } from '../words.ts'
import { useSettled } from './use-settled.ts'
import { WhomDrawer, whyOf } from './WhomDrawer.tsx'

const b = words.builder

export const tasksOf = (steps: readonly Step[]) => steps.reduce((sum, s) => sum + timesOf(s), 0)

/** What a programme would do, asked anew as it is written: how many it takes, who they are, and when a patient of today would be called. */
export function ProgrammePreview({ id, body }: { id: string; body: ProgrammeBody }) {
  return (
    <Stack>
      <Count id={id} body={body} />
      <Dates body={body} />
    </Stack>
  )
}

/** Whom it is for, as the address says it. */
const whomOf = (id: string, { trigger, rule, samplePercent, variants }: ProgrammeBody) =>
  JSON.stringify({ id, trigger, rule, samplePercent, variants: variants.map((v) => v.departmentIds) })

function Count({ id, body }: { id: string; body: ProgrammeBody }) {
  const { may } = useMe()
  const [isListing, setListing] = useState(false)
  const what = useSettled(whomOf(id, body))
  const isRight = previewApi.preview.input.safeParse({ what }).success
  const count = useRead(previewApi.preview, { what }, { enabled: isRight, keep: true })
  const { data } = count
  const visits = data?.yesterday.reduce((sum, n) => sum + n, 0) ?? 0
  const perVisit = [body.steps, ...body.variants.map((v) => v.steps)].map(tasksOf)
  const tasks = data?.yesterday.reduce((sum, n, i) => sum + n * (perVisit[i] ?? 0), 0) ?? 0
  return (
    <Panel
      title={b.countTitle}
      actions={
        may('followups.read') && (
          <Button size="small" disabled={!isRight} onClick={() => setListing(true)}>
            {b.showWhom}
          </Button>
        )
      }
    >
      <div role="status">
        {count.error ? (
          <ErrorNote error={count.error} />
        ) : !isRight ? (
          b.notYet
        ) : (
          data && (
            <Stack gap={4}>
              <strong>{b.yesterday({ tasks, visits })}</strong>
              <span className="rx-note">{words.preview({ days: data.days, all: data.all, matching: data.matching })}</span>
            </Stack>
          )
        )}
      </div>
      {isRight && visits > 0 && may('followups.read') && <TakenYesterday what={what} visits={visits} body={body} />}
      {isListing && <WhomDrawer what={what} body={body} onClose={() => setListing(false)} />}
    </Panel>
  )
}

const SHOWN_TAKEN = 5

/** The first of those whom yesterday would have given, each with what of him the rule looked at. */
function TakenYesterday({ what, visits, body }: { what: string; visits: number; body: ProgrammeBody }) {
  const yesterday = addDays(today(), -1)
  const { rows } = useList(previewApi.whom, { what, from: yesterday, to: yesterday, limit: SHOWN_TAKEN }, { keep: true })
  return (
    <>
      <ul className="followups-taken" aria-label={b.takenTitle}>
        {rows.map((r) => (
          <li key={r.encounterId}>
            <GoLink to="patients.file" params={{ id: r.patientId }}>
              {r.patientName || houseWords.none}
            </GoLink>
            <small title={whyOf(r, body.rule)}>{r.departmentName}</small>
          </li>
        ))}
      </ul>
      {visits > rows.length && rows.length > 0 && <span className="rx-note">{b.takenMore({ n: visits - rows.length })}</span>}
    </>
  )
}

/** Beyond so many a list of dates is folded. */
const SHOWN_DATES = 12

function Dates({ body }: { body: ProgrammeBody }) {
  const [chosen, setVariant] = useState(0)
  const [isAll, setAll] = useState(false)
  const variant = chosen <= body.variants.length ? chosen : 0
  const steps = variant === 0 ? body.steps : (body.variants[variant - 1]?.steps ?? [])
  const named = steps.map((s) => ({ ...s, name: s.name || b.unnamed }))
  const what = useSettled(JSON.stringify({ steps: named }))
  const isRight = previewApi.dates.input.safeParse({ what }).success && tasksOf(steps) <= MOST_TASKS
  const dates = useRead(previewApi.dates, { what }, { enabled: isRight, keep: true })
  const rows = dates.data?.rows ?? []
  const shown = isAll ? rows : rows.slice(0, SHOWN_DATES)
  return (
    <Panel title={b.datesTitle({ trigger: b.triggers[body.trigger] })} flush>
      {body.variants.length > 0 && (
        <Choice
          label={b.whose}
          value={variant}
          onChange={setVariant}
          options={[b.everybodyElse, ...body.variants.map((_, i) => b.variantNumber({ n: i + 1 }))].map((label, value) => ({
            label,
            value,
          }))}
        />
      )}
      <Table
        of={dates.data ? shown : []}
        label={b.datesTitle({ trigger: b.triggers[body.trigger] })}
        empty={b.notYet}
        rowKey={(r: Planned) => `${r.written} ${r.dueFrom}`}
        plain
      >
        <Column name={words.step} show={(r: Planned) => r.name} />
        <Column
          name={b.windowOf}
          show={(r: Planned) => (
            <>
              {daysOf(r)} {r.movedDays > 0 && <Tag>{b.moved({ n: r.movedDays })}</Tag>}
            </>
          )}
          width={210}
        />
      </Table>
      {rows.length > shown.length && (
        <Row>
          <Button size="small" kind="quiet" onClick={() => setAll(true)}>
            {b.allDates({ n: rows.length })}
          </Button>
        </Row>
      )}
    </Panel>
  )
}

const daysOf = ({ dueFrom, dueBy }: Planned) => {
  const [from, by] = [formatDay(dueFrom), formatDay(dueBy)]
  return from === by ? from : `${from} – ${by}`
}
