import { Column, StatusTag, Table } from '@renxin/ui'
import type { Target } from '../../columns-contract.ts'
import type { DryRow } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { useOwnFields } from '../own-fields.ts'
import { fieldWord, valueWord } from '../phrases.tsx'
import { problemWord } from './phrases.tsx'

type Numbered = DryRow & { id: string; n: number }

/** What the first rows would say, and what is wrong with them. */
export function DryRun({ target, rows }: { target: Target; rows: readonly DryRow[] }) {
  const own = useOwnFields()
  const taken = rows.filter((r) => r.isTaken).length
  const numbered = rows.map((row, at): Numbered => ({ ...row, id: String(at), n: at + 1 }))
  return (
    <>
      <p>{words.views.tried({ taken, not: rows.length - taken })}</p>
      <Table of={numbered} label={words.views.tryOut} empty={words.views.noRows} plain>
        <Column name={words.views.statusTitle} show={(r: Numbered) => <State of={r} />} width={130} />
        <Column
          name={words.views.facts}
          show={(r: Numbered) => r.facts.map((f) => `${fieldWord(f.field, own)} ${valueWord(f)}`).join('；')}
        />
        <Column
          name={words.views.problems}
          show={(r: Numbered) => r.problems.map((p) => problemWord(target, p, own)).join('；') || words.views.noProblems}
          width={300}
        />
      </Table>
    </>
  )
}

function State({ of: r }: { of: Numbered }) {
  const name = words.views.row({ n: r.n })
  return r.isTaken ? (
    <StatusTag tone={r.problems.length > 0 ? 'warning' : 'success'}>{name}</StatusTag>
  ) : (
    <StatusTag tone="danger">{`${name} ${words.views.notTaken}`}</StatusTag>
  )
}
