import { GoLink, useMe, useRead } from '@renxin/client'
import { Banner, Column, Drawer, formatDay, formatDuration, formatMoment, Loaded, Panel, Stack, Table, Tag } from '@renxin/ui'
import { type CheckedWork, type CheckFile, checksApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { outcomeWord } from '../phrases.tsx'
import { CheckForm } from './CheckForm.tsx'
import { ComparedAnswers } from './ComparedAnswers.tsx'
import { recordedTones } from './check-tones.ts'

const t = words.checks

/** One patient who was drawn: what levels 1 and 2 did for him, and what the centre finds of it. */
export function CheckDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { may } = useMe()
  const read = useRead(checksApi.checkFile, { id })
  const file = read.data
  return (
    <Drawer
      title={file ? t.ofPatient({ patient: file.patientName, department: file.departmentName }) : t.title}
      size={800}
      onClose={onClose}
      extra={
        file?.centre.taskId &&
        may('followups.read') && (
          <GoLink to="followups.task" params={{ id: file.centre.taskId }}>
            {t.openTask}
          </GoLink>
        )
      }
    >
      <Loaded of={read} lines={12}>
        {(found) => (
          <Stack gap={16}>
            <span className="rx-note">{t.discharged({ day: formatDay(found.dischargedOn) })}</span>
            <Banner tone={found.centre.isAsking ? 'success' : 'warning'}>{centreSays(found.centre)}</Banner>
            {found.levels.map((work) => (
              <OfLevel key={work.level} file={found} work={work} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}

function centreSays({ reachedAt, byName, isAsking }: CheckFile['centre']): string {
  if (reachedAt) return t.centreReached({ name: byName ?? '', when: formatMoment(reachedAt) })
  return isAsking ? t.centreAsking : t.centreNotReached
}

type Try = CheckedWork['tries'][number]

function OfLevel({ file, work }: { file: CheckFile; work: CheckedWork }) {
  const { level, recorded, talk, tries, said } = work
  return (
    <Panel title={t.levels[level]} actions={<Tag tone={recordedTones[recorded]}>{t.recordedAs[recorded]}</Tag>}>
      <Stack>
        {talk?.isShort && <Banner tone="warning">{t.tooShort({ length: formatDuration(talk.seconds), least: file.leastSeconds })}</Banner>}
        {talk?.seconds === null && <span className="rx-note">{t.unmeasured}</span>}
        {level === 'supervisor' && <Supervision of={work} />}
        {tries.length === 0 ? (
          <span className="rx-note">{t.noTries}</span>
        ) : (
          <Table of={tries} label={`${t.levels[level]} ${t.tries}`} plain>
            <Column name={t.at} width={150} show={(a: Try) => formatMoment(a.at)} />
            <Column name={t.by} width={100} show={(a: Try) => a.byName} />
            <Column name={t.channel} width={80} show={(a: Try) => words.channels[a.channel]} />
            <Column name={t.outcome} width={110} show={(a: Try) => outcomeWord(a.outcome)} />
            <Column name={t.length} align="end" width={80} show={(a: Try) => formatDuration(a.seconds)} />
            <Column name={t.note} cut show={(a: Try) => a.note} />
          </Table>
        )}
        {work.isCorrectedSince && <Banner tone="warning">{t.correctedSince}</Banner>}
        {said && <ComparedAnswers said={said} label={`${t.levels[level]} ${t.answers}`} />}
        <CheckForm key={work.check?.revision ?? 0} id={file.id} work={work} isAsking={file.centre.isAsking} />
      </Stack>
    </Panel>
  )
}

function Supervision({ of }: { of: CheckedWork }) {
  return (
    <ul className="rx-note">
      <li>{of.spottedOn ? t.spotted({ day: formatDay(of.spottedOn) }) : t.notSpotted}</li>
      {of.urges.map((u) => (
        <li key={u.at}>{t.urged({ name: u.byName, when: formatMoment(u.at), to: u.toName ?? words.nobody })}</li>
      ))}
    </ul>
  )
}
