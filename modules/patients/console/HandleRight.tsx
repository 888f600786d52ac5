import { useMe, useRead, useWrite } from '@renxin/client'
import {
  AskText,
  Button,
  CheckField,
  Choice,
  Column,
  Confirm,
  Description,
  Drawer,
  ErrorNote,
  formatDay,
  formatMoment,
  Loaded,
  notify,
  Row,
  Stack,
  Table,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type RightsRequest, rightsApi, type Stay } from '../contract.ts'
import { words } from '../words.ts'
import { CopyOfFile } from './CopyOfFile.tsx'
import { shownValue } from './CorrectionFields.tsx'

const t = words.rights

/** One request: what was asked, and what may be done with it. */
export function HandleRight({ id, onClose }: { id: string; onClose: () => void }) {
  const request = useRead(rightsApi.rightsRequest, { id })
  return (
    <Drawer title={t.title} size={880} onClose={onClose}>
      <Loaded of={request}>{(r) => <Handled request={r} />}</Loaded>
    </Drawer>
  )
}

function Handled({ request: r }: { request: RightsRequest }) {
  const isOpen = r.state === 'open'
  return (
    <Stack>
      <Description
        items={[
          { label: words.name, value: r.patientName },
          { label: t.kindTitle, value: t.kind[r.kind] },
          { label: t.askerTitle, value: [t.asker[r.asker], r.askerName].filter(Boolean).join(' · ') },
          { label: t.proofTitle, value: t.proof[r.proof] },
          { label: t.receivedAt, value: formatMoment(r.receivedAt) },
          { label: t.dueOn, value: r.dueOn ? formatDay(r.dueOn) : t.noTerm },
          { label: t.recordedBy, value: r.recordedByName },
          { label: t.stateTitle, value: t.state[r.state] },
          r.doneAt !== null && { label: t.decidedBy, value: `${r.decidedByName ?? ''} · ${formatMoment(r.doneAt)}` },
          r.details !== null && { label: t.details, value: r.details, wide: true },
          r.refusal !== null && { label: t.refusal, value: r.refusal, wide: true },
        ]}
      />
      {r.kind === 'copy' && (isOpen || r.state === 'done') && <CopyOfFile id={r.id} />}
      {r.kind === 'correction' && <Corrections request={r} />}
      {r.kind === 'erasure' && isOpen && <Erasure request={r} />}
      {r.counts && <Description columns={1} items={[{ label: t.counts, value: countsOf(r.counts), wide: true }]} />}
      {isOpen && <Endings id={r.id} />}
    </Stack>
  )
}

function Corrections({ request: r }: { request: RightsRequest }) {
  const [said, setSaid] = useState<Record<string, { isAccepted?: boolean; reason?: string }>>({})
  const decide = useWrite(rightsApi.decideCorrection, { onSuccess: () => notify(t.decided) })
  if (r.state !== 'open')
    return (
      <Description
        items={r.items.map((i) => ({
          label: t.field[i.field],
          value: [shownValue(i), i.isAccepted ? t.accept : t.reject, i.reason].filter(Boolean).join(' · '),
        }))}
      />
    )
  const decisions = r.items.flatMap(({ field }) => {
    const { isAccepted, reason = null } = said[field] ?? {}
    return isAccepted === undefined ? [] : [{ field, isAccepted, reason }]
  })
  return (
    <Stack gap={12}>
      {r.items.map(({ field, value }) => (
        <Stack key={field} gap={8}>
          <Choice
            label={`${t.field[field]} · ${t.value} ${shownValue({ field, value })}`}
            value={said[field]?.isAccepted === undefined ? null : said[field].isAccepted ? 'yes' : 'no'}
            onChange={(is) => setSaid({ ...said, [field]: { ...said[field], isAccepted: is === 'yes' } })}
            options={[
              { value: 'yes', label: t.accept },
              { value: 'no', label: t.reject },
            ]}
          />
          {said[field]?.isAccepted === false && (
            <TextField
              label={t.rejectReason}
              value={said[field]?.reason ?? ''}
              maxLength={500}
              required
              onChange={(reason) => setSaid({ ...said, [field]: { ...said[field], reason } })}
            />
          )}
        </Stack>
      ))}
      <ErrorNote error={decide.error} />
      <Row>
        <Button
          kind="primary"
          busy={decide.isSending}
          disabled={decisions.length < r.items.length}
          onClick={() => decide.send({ id: r.id, decisions })}
        >
          {t.decide}
        </Button>
      </Row>
    </Stack>
  )
}

function Erasure({ request: r }: { request: RightsRequest }) {
  const { may } = useMe()
  const stays = useRead(rightsApi.weighErasure, { id: r.id })
  const [hasRead, setRead] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const erase = useWrite(rightsApi.erase, {
    onSuccess: () => {
      setAsked(false)
      notify(t.erased)
    },
  })
  const mayErase = may('patients.erase') && !r.isOwn
  return (
    <Stack gap={12}>
      <Loaded of={stays}>
        {({ rows, isKnown }) => (
          <Stack gap={12}>
            {!isKnown && <p>{t.nothingStays}</p>}
            <Table of={rows.map((row) => ({ ...row, id: `${row.reason}.${row.what}` }))} label={t.stays} plain>
              <Column name={t.stays} show={(s: Stay) => whatOf(s.what)} />
              <Column name={t.countTitle} align="end" width={80} show={(s: Stay) => s.count} />
              <Column
                name={t.reasonTitle}
                show={(s: Stay) => [t.reason[s.reason], s.until && t.until({ day: formatDay(s.until) })].filter(Boolean).join('。')}
              />
            </Table>
          </Stack>
        )}
      </Loaded>
      <p>{t.goes}</p>
      {mayErase ? (
        <>
          <CheckField label={t.hasRead} value={hasRead} onChange={setRead} />
          <Row>
            <Button kind="danger" disabled={!hasRead} onClick={() => setAsked(true)}>
              {t.erase}
            </Button>
          </Row>
        </>
      ) : (
        <p>{r.isOwn ? t.needsSecond : t.noPermission}</p>
      )}
      {isAsked && (
        <Confirm
          title={t.eraseTitle({ name: r.patientName })}
          verb={t.erase}
          danger
          busy={erase.isSending}
          error={erase.error}
          onConfirm={() => erase.send({ id: r.id, hasRead: true })}
          onCancel={() => setAsked(false)}
        >
          <p>{t.eraseText}</p>
        </Confirm>
      )}
    </Stack>
  )
}

const whatOf = (what: string): string => {
  const known: Readonly<Record<string, string>> = t.what
  return known[what] ?? what
}

function Endings({ id }: { id: string }) {
  const [isAsked, setAsked] = useState(false)
  const refuse = useWrite(rightsApi.refuseRight, {
    onSuccess: () => {
      setAsked(false)
      notify(t.refused)
    },
  })
  const withdraw = useWrite(rightsApi.withdrawRight, { onSuccess: () => notify(t.withdrawn) })
  return (
    <Row>
      <Button busy={withdraw.isSending} onClick={() => withdraw.send({ id })}>
        {t.withdraw}
      </Button>
      <Button onClick={() => setAsked(true)}>{t.refuse}</Button>
      {isAsked && (
        <AskText
          question={t.refusal}
          verb={t.refuse}
          maxLength={500}
          busy={refuse.isSending}
          error={words.of(refuse.error)}
          onAnswer={(refusal) => refuse.send({ id, refusal })}
          onCancel={() => setAsked(false)}
        />
      )}
    </Row>
  )
}

/** What went, by the part of the house that held it: nobody needs to know our tables. */
function countsOf(counts: NonNullable<RightsRequest['counts']>): string {
  const rooms: Readonly<Record<string, string>> = t.room
  const sums = new Map<string, number>()
  for (const [table, n] of Object.entries(counts)) {
    const room = table.split('.')[0] ?? table
    sums.set(room, (sums.get(room) ?? 0) + n)
  }
  return [...sums].map(([room, n]) => t.cleared({ room: rooms[room] ?? room, n: String(n) })).join(t.between) || t.nothingCleared
}
