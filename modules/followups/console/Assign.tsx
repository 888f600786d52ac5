import { useRead, useWrite } from '@renxin/client'
import { yearsOfService } from '@renxin/staff/console'
import { Button, Columns, Dialog, formatDay, MultiSelectField, NumberField, Stack, today } from '@renxin/ui'
import { type ReactNode, useState } from 'react'
import { followupsApi, isSenior, leastLoaded, type TaskRow, type Worker, worksFor } from '../contract.ts'
import { words } from '../words.ts'

type AssignProps = { rows: readonly Pick<TaskRow, 'id' | 'departmentId'>[]; onDone: (count: number) => void; onClose: () => void }

/** Gives tasks to one, or to several evenly. Who has the least to do today is proposed; who is not as senior as it is asked for is not offered. */
export function Assign({ rows, onDone, onClose }: AssignProps) {
  const assign = useWrite(followupsApi.assign, { onSuccess: ({ rows: given }) => onDone(given.length) })
  const ids = rows.map((r) => r.id)
  return (
    <AssignTo
      title={words.assignTitle({ n: ids.length })}
      verb={words.assignVerb({ n: ids.length })}
      busy={assign.isSending}
      error={words.of(assign.error)}
      departments={rows.map((r) => r.departmentId)}
      onSend={(to) => assign.send({ ids, ...to })}
      onClose={onClose}
    />
  )
}

type AssignToProps = {
  title: string
  verb: string
  isDisabled?: boolean
  busy: boolean
  error: string | undefined
  /** Of which the tasks are: of those who work for them, who has the least is proposed. */
  departments?: readonly (string | null)[]
  onSend: (to: { among: string[]; seniority: { minYears: number; titles: string[] } }) => void
  onClose: () => void
  children?: ReactNode
}

/** Who is to have them: asked for those that were chosen, and for all that a filter shows. */
export function AssignTo({ title, verb, isDisabled = false, busy, error, departments, onSend, onClose, children }: AssignToProps) {
  const workers = useRead(followupsApi.workers, {})
  const [chosen, setChosen] = useState<readonly string[]>() // nobody chose yet: the proposal stands
  const [minYears, setMinYears] = useState<number | null>(null)
  const [titles, setTitles] = useState<readonly string[]>([])
  const seniority = { minYears: minYears ?? 0, titles: [...titles] }
  const all = workers.data?.rows ?? []
  const fitting = all.filter((w) => isSenior(w, seniority, today()))
  const proposed = departments && leastLoaded(fitting, departments)
  const among = (chosen ?? (proposed ? [proposed.id] : [])).filter((id) => fitting.some((w) => w.id === id))
  const isFar = (w: Worker) => Number(!worksFor(w, departments ?? []))
  const offered = fitting.toSorted((a, b) => isFar(a) - isFar(b) || a.dueToday - b.dueToday)
  const hint = chosen === undefined && proposed ? words.work.proposed({ name: proposed.name, load: loadOf(proposed) }) : words.assignHint
  const known = [...new Set(all.flatMap((w) => w.title ?? []))].sort((a, b) => a.localeCompare(b, 'zh'))
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <Button kind="primary" disabled={isDisabled || among.length === 0} busy={busy} onClick={() => onSend({ among, seniority })}>
          {verb}
        </Button>
      }
    >
      <Stack>
        {children}
        <MultiSelectField
          label={words.assignTo}
          hint={all.length > 0 && fitting.length === 0 ? words.nobodySenior : hint}
          loading={workers.isLoading}
          value={among}
          onChange={setChosen}
          error={error ?? words.of(workers.error)}
          options={offered.map((w) => ({ value: w.id, label: describe(w) }))}
        />
        <Columns sizes="1fr 1fr">
          <NumberField
            label={words.minYears}
            hint={words.minYearsHint}
            unit={words.years}
            min={0}
            max={60}
            value={minYears}
            onChange={setMinYears}
          />
          <MultiSelectField
            label={words.wantedTitles}
            placeholder={words.anyTitle}
            value={titles}
            onChange={setTitles}
            options={known.map((title) => ({ value: title, label: title }))}
          />
        </Columns>
      </Stack>
    </Dialog>
  )
}

const loadOf = (w: Worker): string =>
  [words.work.today({ n: w.dueToday }), words.work.overdue({ n: w.overdue }), words.openTasks({ n: w.openTasks })].join(' · ')
const describe = (w: Worker): string =>
  [w.name, w.awayUntil && words.leaves.awayUntil({ day: formatDay(w.awayUntil) }), w.title, yearsOfService(w.startedOn), loadOf(w)]
    .filter(Boolean)
    .join(' · ')
