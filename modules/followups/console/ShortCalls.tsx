import { useRead } from '@renxin/client'
import { Button, Choice, Empty, ErrorNote, formatAge, houseWords, Skeleton, Stack } from '@renxin/ui'
import { fewestCalls, type ShortCall, shortApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.short
const spans = [5, 10, 15, 30] as const
const minutesOf = (seconds: number) => Math.max(1, Math.round(seconds / 60))

type ShortCallsProps = { minutes: number; onMinutes: (minutes: number | null) => void; openId: string; onOpen: (id: string) => void }

/** What one can call in a few minutes, in place of the queue. */
export function ShortCalls({ minutes, onMinutes, openId, onOpen }: ShortCallsProps) {
  const calls = useRead(shortApi.shortCalls, { minutes }, { keep: true, everySeconds: 60 })
  const { rows = [], seconds = 0, isKnown = true } = calls.data ?? {}
  return (
    <nav className="followups-column followups-queue" aria-label={t.title({ n: minutes })}>
      <div className="followups-queue-foot">
        <Stack gap={4}>
          <Choice
            label={t.minutes}
            hideLabel
            value={minutes}
            onChange={onMinutes}
            options={spans.map((value) => ({ value, label: t.choice({ n: value }) }))}
          />
          {rows.length > 0 && <span className="rx-note">{t.total({ n: rows.length, minutes: minutesOf(seconds) })}</span>}
        </Stack>
      </div>
      {calls.isLoading && rows.length === 0 && <Skeleton lines={6} />}
      <ErrorNote error={calls.error} text={words.of(calls.error)} onRetry={calls.reload} />
      <ul className="followups-list">
        {rows.map((row) => (
          <li key={row.id}>
            <Row row={row} isOpen={row.id === openId} onOpen={() => onOpen(row.id)} />
          </li>
        ))}
        {calls.data && rows.length === 0 && (
          <li>
            <Empty>{isKnown ? t.none : t.unknown({ n: fewestCalls })}</Empty>
          </li>
        )}
      </ul>
      <div className="followups-queue-foot">
        <Button block icon="back" onClick={() => onMinutes(null)}>
          {t.close}
        </Button>
      </div>
    </nav>
  )
}

function Row({ row, isOpen, onOpen }: { row: ShortCall; isOpen: boolean; onOpen: () => void }) {
  const n = minutesOf(row.seconds)
  return (
    <button type="button" className="followups-row" data-task={row.id} aria-current={isOpen} onClick={onOpen}>
      <span>
        <strong>{row.patientName}</strong> {houseWords.sex[row.sex]} {row.birthOn && formatAge(row.birthOn)}
      </span>
      <small>{row.isOfAll ? t.takesOfAll({ n }) : t.takes({ n })}</small>
      <small>
        {row.departmentName} {row.stepName}
      </small>
      <small>{row.assigneeName ?? words.nobody}</small>
      {row.riskReasons.length > 0 && (
        <small className="followups-why" title={words.risk.why}>
          {row.riskReasons.map((r) => words.priorityReason[r]).join('、')}
        </small>
      )}
    </button>
  )
}
