import { useRead, useWrite } from '@renxin/client'
import { Button, Confirm, notify, Row } from '@renxin/ui'
import { useState } from 'react'
import { type Cause, integrationApi } from '../contract.ts'
import { words } from '../words.ts'
import { causeWord } from './phrases.tsx'

type CausesProps = { senderId?: string | undefined; chosen: Cause | undefined; onChoose: (cause: Cause | undefined) => void }

/** What is to be settled, by its cause: the work of the morning. Draws nothing where there is none. */
export function Causes({ senderId, chosen, onChoose }: CausesProps) {
  const causes = useRead(integrationApi.causes, { ...(senderId && { senderId }) }, { keep: true })
  const rows = causes.data?.rows ?? []
  if (rows.length === 0 && !chosen) return null
  const shown = chosen && !rows.some((r) => r.cause === chosen) ? [...rows, { cause: chosen, messages: 0 }] : rows
  return (
    <section aria-label={words.toSettle}>
      <Row gap={8}>
        <strong>{words.toSettle}</strong>
        {shown.map(({ cause, messages }) => (
          <Button key={cause} size="small" pressed={cause === chosen} onClick={() => onChoose(cause === chosen ? undefined : cause)}>
            {words.causeCount({ cause: words.causes[cause], n: messages })}
          </Button>
        ))}
      </Row>
    </section>
  )
}

type ReplayAllProps = { cause: Cause; sender?: { id: string; name: string } | undefined; verb: string }

/** Reads again all that have one cause, some at a time, until every one was read once. */
export function ReplayAll({ cause, sender, verb }: ReplayAllProps) {
  const [isAsking, setAsking] = useState(false)
  const [read, setRead] = useState<number>()
  const replay = useWrite(integrationApi.replayAll)
  const run = async () => {
    let settled = 0
    let unsettled = 0
    let after: string | undefined
    try {
      do {
        setRead(settled + unsettled)
        const part = await replay.sendAsync({ cause, ...(sender && { senderId: sender.id }), ...(after && { after }) })
        settled += part.settled
        unsettled += part.unsettled
        after = part.next ?? undefined
      } while (after)
      setAsking(false)
      notify(words.replayedAll({ settled, unsettled }), { tone: unsettled > 0 ? 'warning' : 'success' })
    } catch {
      // what went wrong is in `replay.error`, and stands in the dialog
    } finally {
      setRead(undefined)
    }
  }
  return (
    <>
      <Button icon="refresh" onClick={() => setAsking(true)}>
        {verb}
      </Button>
      {isAsking && (
        <Confirm
          title={words.replayAllTitle({ cause: causeWord(cause) ?? cause })}
          verb={words.replayAll}
          busy={read !== undefined}
          error={replay.error}
          onConfirm={() => void run()}
          onCancel={() => setAsking(false)}
        >
          <p>{words.replayAllText({ sender: sender?.name ?? words.allSenders })}</p>
          <p aria-live="polite">{read !== undefined && read > 0 && words.replaying({ n: read })}</p>
        </Confirm>
      )}
    </>
  )
}
