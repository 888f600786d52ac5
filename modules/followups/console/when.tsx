import { addDays } from '@renxin/kernel'
import { Banner, Button, Dialog, MomentField, Row, Stack, useKeys } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { useClock } from './phrases.tsx'

type WhenProps = {
  title: string
  label: string
  verb: string
  kind: 'callBack' | 'postpone'
  /** The earliest deadline of what is put off, to say when it will be missed. */
  dueBy?: string | undefined
  busy: boolean
  error: string | undefined
  onChoose: (at: string) => void
  onClose: () => void
}

/** Asks for a moment ahead: one key for the usual ones, or any. */
export function When({ title, onClose, ...rest }: WhenProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Asked {...rest} />
    </Dialog>
  )
}

function Asked({ label, verb, kind, dueBy, busy, error, onChoose }: Omit<WhenProps, 'title' | 'onClose'>) {
  const clock = useClock()
  const [at, setAt] = useState<string | null>(null)
  const now = clock.now()
  const inHours = (n: number) => new Date(now.getTime() + n * 3_600_000)
  const onDay = (n: number, time: string) => clock.at(addDays(clock.today(), n), time)
  const usual =
    kind === 'callBack'
      ? [
          { label: words.inAnHour, at: inHours(1) },
          { label: words.thisAfternoon, at: onDay(0, '16:00') },
          { label: words.tomorrowMorning, at: onDay(1, '10:00') },
        ]
      : [
          { label: words.inTwoHours, at: inHours(2) },
          { label: words.tomorrow, at: onDay(1, '09:00') },
          { label: words.dayAfter, at: onDay(2, '09:00') },
        ]
  const ahead = usual.filter((u) => u.at > now)
  const choose = (moment: Date | undefined) => !busy && moment && onChoose(moment.toISOString())
  useKeys({
    '1': () => choose(ahead[0]?.at),
    '2': () => choose(ahead[1]?.at),
    '3': () => choose(ahead[2]?.at),
    'Ctrl+Enter': () => at && choose(new Date(at)),
  })
  return (
    <Stack gap={12}>
      <Row>
        {ahead.map((u, n) => (
          <Button key={u.label} keys={String(n + 1)} busy={busy} autoFocus={n === 0} onClick={() => choose(u.at)}>
            {u.label}
          </Button>
        ))}
      </Row>
      <MomentField label={label} value={at} onChange={setAt} error={error} />
      {at && dueBy && at > dueBy && <Banner tone="warning">{words.pastDeadline}</Banner>}
      <div className="rx-layer-foot">
        <Button kind="primary" keys="Ctrl+Enter" busy={busy} disabled={!at} onClick={() => at && choose(new Date(at))}>
          {verb}
        </Button>
      </div>
    </Stack>
  )
}
