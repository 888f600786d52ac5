import { useMe, useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Choice,
  Column,
  Confirm,
  formatCount,
  formatMoment,
  Loaded,
  notify,
  Panel,
  Stack,
  StatusTag,
  Table,
  type Tone,
} from '@renxin/ui'
import { useState } from 'react'
import { type KeyRow, type Keys, keysApi, Suite } from '../contract.ts'
import { words } from '../words.ts'

const tones: Record<KeyRow['state'], Tone> = { current: 'success', coming: 'info', old: 'warning' }

/** By which suite the hospital seals, its keys, and how far a new one has come. */
export function KeysPanel() {
  const keys = useRead(keysApi.keys, {}, { everySeconds: 5 })
  return <Loaded of={keys}>{(k) => <KeysCard of={k} />}</Loaded>
}

function KeysCard({ of: k }: { of: Keys }) {
  const t = words.health.keys
  const me = useMe()
  const [isAsked, setAsked] = useState(false)
  const isMoving = k.rotation !== null && k.rotation.finishedAt === null
  return (
    <Panel
      title={t.title}
      actions={
        me.may('setup.keys') && (
          <Button size="small" disabled={isMoving} onClick={() => setAsked(true)}>
            {t.rotate}
          </Button>
        )
      }
    >
      <Stack gap={12}>
        <div>{t.suiteIs({ suite: t.suites[k.suite], backups: t.suites[k.backupSuite] })}</div>
        <LastRotation of={k.rotation} />
        <Table of={k.rows} label={t.title} rowKey={(row: KeyRow) => `${row.purpose} ${row.number}`} plain>
          <Column name={t.purpose} show={(row: KeyRow) => t.purposes[row.purpose]} />
          <Column name={t.number} align="end" show={(row: KeyRow) => row.number} width={80} />
          <Column name={t.suite} show={(row: KeyRow) => t.suites[row.suite]} width={220} />
          <Column name={t.since} show={(row: KeyRow) => formatMoment(row.since)} width={160} />
          <Column name={t.state} show={(row: KeyRow) => <StatusTag tone={tones[row.state]}>{t.states[row.state]}</StatusTag>} width={160} />
        </Table>
        <div>{t.others}</div>
      </Stack>
      {isAsked && <Rotate from={k.suite} close={() => setAsked(false)} />}
    </Panel>
  )
}

function LastRotation({ of: r }: { of: Keys['rotation'] }) {
  const t = words.health.keys
  if (!r) return <div>{t.neverRotated}</div>
  const said = { by: r.startedBy, at: formatMoment(r.startedAt), number: r.number, count: formatCount(r.resealed), pass: r.pass }
  if (r.finishedAt === null) return <Banner tone="info">{t.rotating(said)}</Banner>
  return <div>{t.rotated({ ...said, done: formatMoment(r.finishedAt) })}</div>
}

function Rotate({ from, close }: { from: Suite; close: () => void }) {
  const t = words.health.keys
  const [suite, setSuite] = useState(from)
  const rotate = useWrite(keysApi.rotateKeys, {
    onSuccess: () => {
      notify(t.begun)
      close()
    },
  })
  return (
    <Confirm
      title={t.rotateTitle}
      verb={t.rotate}
      busy={rotate.isSending}
      error={rotate.error}
      onConfirm={() => rotate.send({ suite })}
      onCancel={close}
    >
      <Stack gap={12}>
        <p>{t.rotateText}</p>
        <Choice
          label={t.suite}
          value={suite}
          onChange={setSuite}
          stacked
          options={Suite.options.map((s) => ({ value: s, label: t.suites[s] }))}
        />
        {suite !== from && <p>{t.suiteChanges}</p>}
      </Stack>
    </Confirm>
  )
}
