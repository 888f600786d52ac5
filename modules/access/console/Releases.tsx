import { useList, useWrite } from '@renxin/client'
import { AskText, Button, Choice, Column, formatCount, formatFull, notify, Panel, Row, Stack, Table } from '@renxin/ui'
import { useState } from 'react'
import { type ExportRequest, exportsApi } from '../contract.ts'
import { words } from '../words.ts'
import { filtersOf, RequestDetails, StateTag } from './RequestDetails.tsx'

const t = words.exporting
type State = 'waiting' | 'all'

/** What waits to be released: who wants what, how much, and why. */
export function Releases() {
  const [state, setState] = useState<State>('waiting')
  const [opened, setOpened] = useState<ExportRequest>()
  const list = useList(exportsApi.exportRequests, { state }, { keep: true })
  return (
    <Stack>
      <Choice
        label={words.state}
        hideLabel
        value={state}
        onChange={(chosen) => setState(chosen ?? 'waiting')}
        options={[
          { value: 'waiting', label: t.release.waits },
          { value: 'all', label: t.release.all },
        ]}
      />
      <Panel flush>
        <Table
          of={list}
          label={t.release.waits}
          empty={t.release.takesNone}
          memory="access.releases"
          rowKey={(r: ExportRequest) => r.id}
          opened={opened?.id}
          onOpen={setOpened}
        >
          <Column name={words.at} width={160} show={(r: ExportRequest) => formatFull(r.at)} />
          <Column name={words.who} width={110} show={(r: ExportRequest) => r.actorName} />
          <Column name={t.kind} width={120} show={(r: ExportRequest) => r.title} />
          <Column name={t.rows} width={80} align="end" show={(r: ExportRequest) => formatCount(r.rows)} />
          <Column name={words.reason} cut show={(r: ExportRequest) => r.reason} />
          <Column name={t.filters} cut show={filtersOf} />
          <Column
            name={t.release.columns}
            cut
            show={(r: ExportRequest) => `${r.isPlain ? `${t.release.plain}：` : ''}${r.columns.join('、')}`}
          />
          <Column name={words.state} width={100} show={(r: ExportRequest) => <StateTag of={r} />} />
        </Table>
      </Panel>
      {opened && (
        <RequestDetails
          of={opened}
          onClose={() => setOpened(undefined)}
          footer={opened.state === 'waiting' && <Decide request={opened} onDone={() => setOpened(undefined)} />}
        />
      )}
    </Stack>
  )
}

function Decide({ request, onDone }: { request: ExportRequest; onDone: () => void }) {
  const [isReleased, setReleased] = useState<boolean>()
  const decide = useWrite(exportsApi.decideExport, {
    onSuccess: ({ state }) => {
      notify(state === 'refused' ? t.release.refused : t.release.allowed)
      onDone()
    },
  })
  if (request.isOwn) return <p className="rx-note">{t.release.isOwn}</p>
  return (
    <Row>
      <Button kind="primary" onClick={() => setReleased(true)}>
        {t.release.allow}
      </Button>
      <Button kind="danger" onClick={() => setReleased(false)}>
        {t.release.refuse}
      </Button>
      {isReleased !== undefined && (
        <AskText
          question={isReleased ? t.release.allow : t.release.refuse}
          hint={isReleased ? t.release.allowWhy : t.release.refuseWhy}
          verb={isReleased ? t.release.allow : t.release.refuse}
          maxLength={200}
          busy={decide.isSending}
          error={words.of(decide.error)}
          onAnswer={(reason) => decide.send({ id: request.id, isReleased, reason })}
          onCancel={() => setReleased(undefined)}
        />
      )}
    </Row>
  )
}
