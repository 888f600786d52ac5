import { Column, StatusTag, Table, type Tone } from '@renxin/ui'
import type { Change, Fact, RawMessage } from '../contract.ts'
import type { OwnFieldName } from '../own-fields-contract.ts'
import { words } from '../words.ts'
import { useOwnFields } from './own-fields.ts'
import { fieldWord, valueWord } from './phrases.tsx'

const rowed = <F extends Fact>(facts: readonly F[]) => facts.map((f, at) => ({ ...f, id: `${at} ${f.about}.${f.field}` }))
const nameOf = (f: Fact, own: readonly OwnFieldName[]) =>
  [words.factAbout[f.about], f.of, fieldWord(f.field, own)].filter(Boolean).join(' · ')

/** What the message says once it is translated. */
export function Facts({ of: facts }: { of: readonly Fact[] }) {
  const own = useOwnFields()
  return (
    <Table of={rowed(facts)} label={words.factsTitle} empty={words.nothingChanged} plain>
      <Column name={words.field} show={(f: Fact) => nameOf(f, own)} width={180} />
      <Column name={words.value} show={valueWord} />
    </Table>
  )
}

const tones: Record<Change['outcome'], Tone> = { new: 'info', changed: 'primary', overtaken: 'warning' }

/** What the message did, field by field, before and after. */
export function Changes({ of: { changes, unchanged } }: { of: Pick<RawMessage, 'changes' | 'unchanged'> }) {
  const own = useOwnFields()
  if (changes.length === 0) return <p>{unchanged > 0 ? words.saidTheSame : words.nothingChanged}</p>
  return (
    <>
      <Table of={rowed(changes)} label={words.changedTitle} plain>
        <Column name={words.field} show={(c: Change) => nameOf(c, own)} width={170} />
        <Column name={words.before} show={(c: Change) => (c.before === null ? null : valueWord({ ...c, value: c.before }))} />
        <Column name={words.after} show={valueWord} />
        <Column name={words.result} show={(c: Change) => <Outcome of={c} />} width={110} />
      </Table>
      <p className="rx-note">
        {unchanged > 0 && words.unchanged({ n: unchanged })} {words.changesHint}
      </p>
    </>
  )
}

function Outcome({ of: { outcome } }: { of: Change }) {
  return (
    <StatusTag tone={tones[outcome]} {...(outcome === 'overtaken' && { title: words.overtakenHint })}>
      {words.outcome[outcome]}
    </StatusTag>
  )
}
