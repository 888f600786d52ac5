import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Banner, Button, ErrorNote, formatCount, formatMoment, notify } from '@renxin/ui'
import { useRef } from 'react'
import { type BulkAssignment, type BulkFilter, bulkApi, bulkLimit } from '../../contract.ts'
import { words } from '../../words.ts'
import { AssignTo } from '../Assign.tsx'

const w = words.bulk

/** Gives out everything that the filter shows, also what is on no page yet. */
export function BulkAssign({ filter, onClose }: { filter: BulkFilter; onClose: () => void }) {
  const id = useRef(newId()) // one request, however often the key is pressed
  const counted = useRead(bulkApi.bulkCount, filter)
  const begin = useWrite(bulkApi.beginBulk, {
    onSuccess: () => {
      notify(w.begun)
      onClose()
    },
  })
  const n = Math.min(counted.data?.n ?? 0, bulkLimit)
  return (
    <AssignTo
      title={w.title({ n: formatCount(n) })}
      verb={w.verb({ n: formatCount(n) })}
      isDisabled={n === 0}
      busy={begin.isSending}
      error={words.of(begin.error ?? counted.error)}
      onSend={(to) => begin.send({ id: id.current, filter, ...to })}
      onClose={onClose}
    >
      <Banner>{counted.data?.n === 0 ? w.nothing : w.how}</Banner>
      {(counted.data?.n ?? 0) > bulkLimit && <Banner tone="warning">{w.onlyFirst({ most: formatCount(bulkLimit) })}</Banner>}
    </AssignTo>
  )
}

/** How far the latest of one's own is, and the way to take it back. */
export function BulkProgress() {
  const list = useRead(bulkApi.bulkAssignments, {}, { keep: true })
  const undo = useWrite(bulkApi.undoBulk)
  const latest = list.data?.rows[0]
  if (!latest) return null
  const isAtWork = latest.status === 'running' || latest.status === 'undoing'
  return (
    <section aria-label={w.progress} aria-live="polite">
      <Banner
        tone={isAtWork ? 'info' : 'plain'}
        actions={
          latest.undoUntil && (
            <Button size="small" busy={undo.isSending} onClick={() => undo.send({ id: latest.id })}>
              {w.undo}
            </Button>
          )
        }
      >
        {sentence(latest)}
      </Banner>
      <ErrorNote error={undo.error} text={words.of(undo.error)} />
    </section>
  )
}

function sentence(b: BulkAssignment): string {
  const names = b.among.join('、')
  const [passed, kept] = [b.passed > 0 && w.passed({ n: formatCount(b.passed) }), b.kept > 0 && w.kept({ n: formatCount(b.kept) })]
  const parts = {
    running: [w.running({ names, done: formatCount(b.given + b.passed), total: formatCount(b.total) })],
    done: [w.done({ given: formatCount(b.given), names }), passed, b.undoUntil && w.undoUntil({ when: formatMoment(b.undoUntil) })],
    undoing: [w.undoing({ done: formatCount(b.undone + b.kept), total: formatCount(b.given) })],
    undone: [w.undone({ n: formatCount(b.undone) }), kept],
  }[b.status]
  return parts.filter(Boolean).join(' · ')
}
