import { useList, useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Column,
  Dialog,
  ErrorNote,
  formatCount,
  formatDay,
  formatMoment,
  notify,
  Panel,
  Stack,
  Table,
  TextArea,
} from '@renxin/ui'
import { useState } from 'react'
import { type Owner, supervisionApi, type Uncalled } from '../../contract.ts'
import { words } from '../../words.ts'
import { outcomeWord } from '../phrases.tsx'
import { UrgeState } from './UrgeTable.tsx'

const t = words.supervision
const NOBODY = 'nobody'
type Of = { departmentId?: string }
type Props = { of: Of; owner: string; onOwner: (owner: string, departmentId: string) => void }

/** Who has not called within a week, by owner and one by one; those chosen are urged. */
export function UncalledPanel({ of, owner, onOwner }: Props) {
  const owners = useRead(supervisionApi.owners, {}, { keep: true })
  const rows = (owners.data?.rows ?? []).filter((o) => !of.departmentId || o.departmentId === of.departmentId)
  return (
    <Stack gap={16}>
      <Panel
        flush
        title={t.owners}
        actions={
          owner && (
            <Button size="small" kind="quiet" onClick={() => onOwner('', '')}>
              {t.everyone}
            </Button>
          )
        }
      >
        <Table
          of={{ ...owners, data: { rows } }}
          label={t.owners}
          empty={t.noUncalled}
          plain
          maxHeight={260}
          rowKey={keyOf}
          opened={owner && `${owner} ${of.departmentId ?? ''}`}
          onOpen={(o: Owner) => onOwner(o.ownerId ?? NOBODY, o.departmentId)}
        >
          <Column name={t.urgedTo} show={(o: Owner) => o.ownerName ?? words.nobody} />
          <Column name={words.department} show={(o: Owner) => o.departmentName} />
          <Column name={t.ownerTasks} align="end" width={90} show={(o: Owner) => formatCount(o.tasks)} />
          <Column name={t.neverTried} align="end" width={90} show={(o: Owner) => formatCount(o.neverTried)} />
          <Column name={t.longest} align="end" width={90} show={(o: Owner) => t.daysAgo({ n: o.longestDays })} />
          <Column name={t.urgedTasks} align="end" width={90} show={(o: Owner) => formatCount(o.urged)} />
        </Table>
      </Panel>
      <Tasks key={`${of.departmentId} ${owner}`} of={{ ...of, ...(owner && { ownerId: owner }) }} />
    </Stack>
  )
}

const keyOf = (o: Owner) => `${o.ownerId ?? NOBODY} ${o.departmentId}`

function Tasks({ of }: { of: Of & { ownerId?: string } }) {
  const list = useList(supervisionApi.uncalled, of, { keep: true })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isUrging, setUrging] = useState(false)
  return (
    <Panel flush title={t.tabs.uncalled} note={t.uncalledNote}>
      <Table
        of={list}
        label={t.tabs.uncalled}
        empty={t.noUncalled}
        selection={{
          chosen,
          onChange: setChosen,
          actions: (
            <Button kind="primary" onClick={() => setUrging(true)}>
              {t.urgeMany({ n: chosen.size })}
            </Button>
          ),
        }}
      >
        <Column name={words.patient} show={(u: Uncalled) => <strong>{u.patientName}</strong>} />
        <Column name={words.department} width={160} show={(u: Uncalled) => u.wardName ?? u.departmentName} />
        <Column name={t.urgedTo} width={110} show={(u: Uncalled) => u.ownerName ?? words.nobody} />
        <Column name={t.dischargedOn} width={120} show={(u: Uncalled) => formatDay(u.dischargedOn)} />
        <Column name={t.days} align="end" width={90} show={(u: Uncalled) => t.daysAgo({ n: u.daysSince })} />
        <Column name={words.tries} align="end" width={70} show={(u: Uncalled) => u.tries} />
        <Column name={words.lastOutcome} width={110} show={(u: Uncalled) => outcomeWord(u.lastOutcome)} />
        <Column
          name={t.lastUrge}
          width={190}
          show={(u: Uncalled) => u.urge && t.lastUrgeText({ name: u.urge.urgedByName, when: formatMoment(u.urge.urgedAt) })}
        />
        <Column name={t.state} width={100} show={(u: Uncalled) => u.urge && <UrgeState of={u.urge} />} />
      </Table>
      {isUrging && (
        <Urging
          ids={[...chosen]}
          onClose={() => setUrging(false)}
          onDone={() => {
            setUrging(false)
            setChosen(new Set())
          }}
        />
      )}
    </Panel>
  )
}

function Urging({ ids, onClose, onDone }: { ids: string[]; onClose: () => void; onDone: () => void }) {
  const [note, setNote] = useState('')
  const rule = useRead(supervisionApi.urgeRule, {})
  const urge = useWrite(supervisionApi.urge, {
    onSuccess: ({ rows, already }) => {
      notify(t.urged({ n: rows.length }))
      if (already > 0) notify(t.urgedAlready({ n: already }), { tone: 'warning' })
      onDone()
    },
  })
  return (
    <Dialog
      title={t.urgeTitle({ n: ids.length })}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={urge.isSending} onClick={() => urge.send({ ids, note })}>
          {t.urgeMany({ n: ids.length })}
        </Button>
      }
    >
      <Stack>
        {rule.data && <Banner>{t.urgeWhat({ hours: rule.data.hours })}</Banner>}
        <TextArea label={t.urgeNote} hint={t.urgeNoteHint} value={note} onChange={setNote} maxLength={200} autoFocus />
        <ErrorNote error={urge.error} text={words.of(urge.error)} />
      </Stack>
    </Dialog>
  )
}
