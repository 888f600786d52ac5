import { actorText } from '@renxin/access/console'
import { useList } from '@renxin/client'
import { Column, formatFull, houseWords, Panel, Table } from '@renxin/ui'
import { overviewApi, type Viewing } from '../contract.ts'
import { words } from '../words.ts'

const t = words.overview

/** Who saw this file or changed something of it, and why. */
export function Viewers({ patientId }: { patientId: string }) {
  const list = useList(overviewApi.viewers, { patientId })
  return (
    <Panel title={t.tabs.viewers} note={t.viewersNote} flush>
      <Table of={list} label={t.tabs.viewers} empty={t.noViewers}>
        <Column name={t.at} width={160} show={(v: Viewing) => formatFull(v.at)} />
        <Column name={t.who} width={140} show={(v: Viewing) => actorText(v)} />
        <Column
          name={t.did}
          show={(v: Viewing) => (
            <>
              {t.action[kindOf(v.action)]} · <code>{v.action}</code>
            </>
          )}
        />
        <Column name={t.reason} show={(v: Viewing) => v.reason ?? houseWords.none} />
      </Table>
    </Panel>
  )
}

/** A route's name tells: what reveals, what changes, and everything else only looks. */
export function kindOf(action: string): keyof typeof t.action {
  const verb = action.split('.')[1] ?? ''
  if (/reveal/i.test(verb) || verb === 'dial') return 'revealed'
  return /^(add|change|mark|merge|part|tag|refuse|dismiss|register|record|complete|claim|release|assign|postpone|cancel|end|save|erase|set)/.test(
    verb,
  )
    ? 'changed'
    : 'seen'
}
