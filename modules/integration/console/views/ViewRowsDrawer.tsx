import { GoLink, useList, useMe, useWrite } from '@renxin/client'
import { Button, Column, Drawer, ErrorNote, formatMoment, notify, Row, Stack, Table, Tabs } from '@renxin/ui'
import { useState } from 'react'
import { type Source, targetOf, type View, type ViewRow, viewsApi } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { useOwnFields } from '../own-fields.ts'
import { problemWord } from './phrases.tsx'

type Which = 'waiting' | 'noted'

/** Rows that were not taken, and rows of which a part was not understood: why, and once more by the present mapping. */
export function ViewRowsDrawer({ view, source, onClose }: { view: View; source: Source; onClose: () => void }) {
  const { may } = useMe()
  const own = useOwnFields()
  const [status, setStatus] = useState<Which>(view.waiting > 0 ? 'waiting' : 'noted')
  const list = useList(viewsApi.viewRows, { id: view.id, status }, { keep: true })
  const target = targetOf[view.subject]
  const why = (r: ViewRow) =>
    [...r.problems.map((p) => problemWord(target, p, own)), ...(r.failure ? [words.views.failureOfRow({ code: r.failure })] : [])].join(
      '；',
    )
  return (
    <Drawer
      title={`${words.views.viewOf({ source: source.name, subject: words.views.subjects[view.subject] })} · ${words.views.rowsTitle}`}
      size={960}
      onClose={onClose}
    >
      <Stack gap={12}>
        <Tabs
          label={words.views.rowsTitle}
          value={status}
          onChange={setStatus}
          tabs={[
            { key: 'waiting', label: words.views.onlyWaiting, badge: view.waiting },
            { key: 'noted', label: words.views.onlyNoted, badge: view.noted },
          ]}
        />
        <Row gap={12}>
          <span className="rx-note">{status === 'waiting' ? words.views.waitingHint : words.views.notedHint}</span>
          {may('integration.manage') && <Reread viewId={view.id} status={status} />}
        </Row>
        <Table
          of={list}
          label={words.views.rowsTitle}
          rowKey={(r: ViewRow) => r.key}
          empty={status === 'waiting' ? words.views.nothingWaiting : words.views.nothingNoted}
        >
          <Column name={words.views.key} show={(r: ViewRow) => keyWord(r.key)} width={180} cut />
          <Column name={words.views.why} show={why} />
          <Column name={words.views.readAt} show={(r: ViewRow) => formatMoment(r.readAt)} width={130} />
          <Column
            show={(r: ViewRow) =>
              r.patientId && (
                <GoLink to="patients.file" params={{ id: r.patientId }}>
                  {words.views.seeFile}
                </GoLink>
              )
            }
            width={90}
          />
        </Table>
      </Stack>
    </Drawer>
  )
}

const keyWord = (key: string): string => {
  const parts: unknown = JSON.parse(key)
  return Array.isArray(parts) ? parts.join(' · ') : key
}

/** Some hundreds at a time, until every row was read once. */
function Reread({ viewId, status }: { viewId: string; status: Which }) {
  const reread = useWrite(viewsApi.reread)
  const run = async () => {
    let [settled, unsettled] = [0, 0]
    let before: string | undefined
    try {
      do {
        const part = await reread.sendAsync({ id: viewId, status, ...(before && { before }) })
        settled += part.settled
        unsettled += part.unsettled
        before = part.next ?? undefined
      } while (before)
      notify(words.views.rereadDone({ settled, unsettled }), { tone: unsettled > 0 ? 'warning' : 'success' })
    } catch {
      // what went wrong is in `reread.error`, and stands beside the button
    }
  }
  return (
    <>
      <Button icon="refresh" busy={reread.isSending} onClick={run}>
        {words.views.reread}
      </Button>
      <ErrorNote error={reread.error} text={words.of(reread.error)} />
    </>
  )
}
