import { GoLink, useList } from '@renxin/client'
import { Choice, Column, Drawer, formatDay, houseWords, Stack, StatusTag, Table, Tag } from '@renxin/ui'
import { type RevisitCase, type RevisitKind, revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.revisits
const parts = ['base', 'came', 'vanished', 'leftOut', 'notYet'] as const
type CasesOf = (typeof parts)[number]
export const isCasesOf = (part: string): part is CasesOf => parts.some((p) => p === part)

type Asked = { kind: RevisitKind; from?: string; to?: string; departmentId?: string }
type Props = {
  /** What became of them; anything else is all of them. */
  part: string
  asked: Asked
  /** Only those who said so. */
  reason?: string
  /** The row of the table from which it was opened. */
  row: { of: string; id: string }
  onPart: (part: CasesOf) => void
  onClose: () => void
}

/** The very visits behind a figure, and what became of each. */
export function RevisitCases({ part: said, asked, reason, row, onPart, onClose }: Props) {
  const part = isCasesOf(said) ? said : 'base'
  const list = useList(revisitsApi.revisitCases, { ...asked, ...ofRow(row), part, ...(reason && { reason }) })
  return (
    <Drawer title={`${t.title} · ${words.rows}`} size={980} onClose={onClose}>
      <Stack gap={12}>
        <details>
          <summary>{words.definition}</summary>
          <p>{t.means[asked.kind]}</p>
        </details>
        <Choice
          label={words.filters}
          hideLabel
          value={part}
          onChange={(value) => value && onPart(value)}
          options={parts.map((value) => ({ value, label: t.parts[value] }))}
        />
        <Table of={list} label={words.rows} empty={words.noRows}>
          <Column
            name={words.patient}
            show={(r: RevisitCase) => (
              <GoLink to="patients.file" params={{ id: r.patientId }}>
                {r.patientName || houseWords.none}
              </GoLink>
            )}
          />
          <Column name={words.department} show={(r: RevisitCase) => r.departmentName ?? words.unknownUnit} />
          <Column name={t.doctor} show={(r: RevisitCase) => r.doctorName ?? words.unknownUnit} width={90} />
          <Column name={words.number} show={(r: RevisitCase) => r.number} />
          <Column name={words.diagnosis} show={(r: RevisitCase) => r.mainDiagnosisName} cut />
          <Column name={t.indexDay[asked.kind]} show={(r: RevisitCase) => formatDay(r.day)} width={110} />
          <Column name={t.cameOn} show={(r: RevisitCase) => formatDay(r.cameOn)} width={110} />
          <Column name={words.outcome} show={(r: RevisitCase) => <State of={r} />} width={110} />
          {part === 'vanished' && <Column name={t.reasons.why} show={(r: RevisitCase) => <Why of={r} />} width={150} />}
        </Table>
      </Stack>
    </Drawer>
  )
}

function ofRow({ of, id }: { of: string; id: string }) {
  if (id === '') return {}
  if (of === 'doctor') return { doctorId: id }
  return of === 'chapter' ? { chapter: Number(id) } : { departmentId: id }
}

function State({ of: { state } }: { of: RevisitCase }) {
  if (state === 'came') return <StatusTag tone="success">{t.state.came}</StatusTag>
  return state === 'vanished' ? <StatusTag tone="warning">{t.state.vanished}</StatusTag> : <Tag>{t.state[state]}</Tag>
}

/** Leads to the follow-up that asks him. */
function Why({ of: { task } }: { of: RevisitCase }) {
  if (!task) return houseWords.none
  return (
    <GoLink to="followups.task" params={{ id: task.id }}>
      {task.reason ?? t.reasons.states[task.state]}
    </GoLink>
  )
}
