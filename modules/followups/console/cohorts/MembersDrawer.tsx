import { GoLink, useList, useMe, useWrite } from '@renxin/client'
import {
  Button,
  Choice,
  Column,
  DateField,
  Dialog,
  Drawer,
  ErrorNote,
  houseWords,
  notify,
  Stack,
  StatusTag,
  Table,
  TextField,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { type Cohort, type CohortMember, cohortsApi, memberStatuses } from '../../contract.ts'
import { words } from '../../words.ts'
import { isSide, isState, isStatus, type Looked } from './states.ts'

const t = words.cohorts
const tones = { active: 'plain', withdrawn: 'warning', lost: 'warning', dead: 'plain' } as const

/** The members behind a figure, or all of them. */
export function MembersDrawer({ cohort, of, onClose }: { cohort: Cohort; of: Looked; onClose: () => void }) {
  const { may } = useMe()
  const [changing, setChanging] = useState<CohortMember>()
  const side = isSide(of.side) ? of.side : undefined
  const state = isState(of.state) ? of.state : undefined
  const status = isStatus(of.status) ? of.status : undefined
  const asked = side ? { position: of.position, side, ...(state && { state }), ...(of.missing && { missing: of.missing }) } : {}
  const list = useList(cohortsApi.cohortMembers, { id: cohort.id, ...asked, ...(status && { status }), limit: 50 }, { keep: true })
  const visit = cohort.visits.find((v) => v.position === of.position)?.name ?? ''
  const figure = of.missing
    ? t.missingOf({ question: of.missing })
    : state === 'due' || state === 'done'
      ? t[state]
      : state
        ? t.states[state]
        : ''
  return (
    <Drawer
      title={side ? t.membersOf({ visit, side: t.sides[side], state: figure }) : status ? t.memberStatuses[status] : t.memberList}
      size={880}
      onClose={onClose}
    >
      <Table of={list} label={t.memberList} empty={t.noMembers} rowKey={(m: CohortMember) => m.encounterId}>
        <Column name={t.pseudonym} width={90} show={(m: CohortMember) => m.pseudonym} />
        <Column
          name={t.patient}
          width={110}
          show={(m: CohortMember) =>
            may('patients.read') ? (
              <GoLink to="patients.file" params={{ id: m.patientId }}>
                {m.patientName}
              </GoLink>
            ) : (
              m.patientName
            )
          }
        />
        <Column name={t.dischargedOn} width={110} show={(m: CohortMember) => m.dischargedOn} />
        <Column
          name={t.status}
          width={90}
          show={(m: CohortMember) => <StatusTag tone={tones[m.status]}>{t.memberStatuses[m.status]}</StatusTag>}
        />
        <Column name={t.since} width={110} show={(m: CohortMember) => m.leftOn ?? houseWords.none} />
        <Column name={t.note} show={(m: CohortMember) => m.note || houseWords.none} cut />
        <Column
          width={80}
          show={(m: CohortMember) =>
            m.taskId &&
            may('followups.read') && (
              <GoLink to="followups.task" params={{ id: m.taskId }}>
                {t.task}
              </GoLink>
            )
          }
        />
        <Column
          width={130}
          show={(m: CohortMember) =>
            cohort.status === 'frozen' &&
            m.status !== 'dead' && (
              <Button size="small" onClick={() => setChanging(m)}>
                {t.changeMember}
              </Button>
            )
          }
        />
      </Table>
      {changing && <ChangeMember id={cohort.id} member={changing} onClose={() => setChanging(undefined)} />}
    </Drawer>
  )
}

function ChangeMember({ id, member, onClose }: { id: string; member: CohortMember; onClose: () => void }) {
  const [status, setStatus] = useState(member.status === 'dead' ? 'active' : member.status)
  const [leftOn, setLeftOn] = useState<string | null>(member.leftOn ?? today())
  const [note, setNote] = useState(member.note)
  const save = useWrite(cohortsApi.setMember, {
    onSuccess: () => {
      notify(t.memberSaved)
      onClose()
    },
  })
  return (
    <Dialog
      title={`${t.changeMember} · ${member.pseudonym}`}
      onClose={onClose}
      footer={
        <Button
          kind="primary"
          busy={save.isSending}
          onClick={() => save.send({ id, encounterId: member.encounterId, status, leftOn: status === 'active' ? null : leftOn, note })}
        >
          {t.save}
        </Button>
      }
    >
      <Stack>
        <span className="rx-note">{t.changeMemberText}</span>
        <Choice
          label={t.status}
          value={status}
          onChange={setStatus}
          options={memberStatuses.map((value) => ({ value, label: t.memberStatuses[value] }))}
        />
        {status !== 'active' && <DateField label={t.since} value={leftOn} min={member.dischargedOn} max={today()} onChange={setLeftOn} />}
        <TextField label={t.note} hint={t.noteHint} value={note} onChange={setNote} maxLength={500} />
        <ErrorNote error={save.error} text={words.of(save.error)} />
      </Stack>
    </Dialog>
  )
}
