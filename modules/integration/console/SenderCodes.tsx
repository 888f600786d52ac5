import { Button, Column, Columns, SelectField, Stack, Table, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type CodeTable, codeTables, meanings, type Profile } from '../contract.ts'
import { isOwnName, type OwnName } from '../own-fields-contract.ts'
import { words } from '../words.ts'
import { longWord, useOwnFields } from './own-fields.ts'
import { meaningWord } from './phrases.tsx'
import { codesIn, withCodes } from './profile.ts'

type Props = { profile: Profile; onChange: (profile: Profile) => void }

/** A table for each kind of code: what the sender writes, and what it means. */
export function SenderCodes({ profile, onChange }: Props) {
  const [table, setTable] = useState<CodeTable | OwnName>('nursing')
  const own = useOwnFields().filter((o) => o.options.length > 0)
  const allowed = isOwnName(table) ? own.find((o) => o.name === table)?.options : meanings[table]
  const titleOf = (t: CodeTable | OwnName) => {
    const field = own.find((o) => o.name === t)
    return field ? longWord(field) : isOwnName(t) ? t : words.codeTableNames[t]
  }
  const codes = codesIn(profile, table)
  const rows = Object.entries(codes).map(([code, meaning]) => ({ id: code, meaning }))
  const put = (code: string, meaning: string) => onChange(withCodes(profile, table, { ...codes, [code]: meaning }))
  const drop = (code: string) => onChange(withCodes(profile, table, Object.fromEntries(Object.entries(codes).filter(([c]) => c !== code))))
  return (
    <Stack gap={12}>
      <SelectField<CodeTable | OwnName>
        label={words.codeTable}
        hint={table === 'assigner' ? words.assignerHint : words.codesHint}
        required
        value={table}
        onChange={(value) => setTable(value ?? 'nursing')}
        options={[...codeTables, ...own.map((o) => o.name)].map((value) => ({
          value,
          label: withCount(titleOf(value), codesIn(profile, value)),
        }))}
      />
      <Table of={rows} label={titleOf(table)} empty={words.noCodesYet} plain>
        <Column name={words.code} show={(r: Code) => <code>{r.id === '' ? words.emptyCode : r.id}</code>} width={160} />
        <Column
          name={words.meaning}
          show={(r: Code) => (
            <Meaning
              table={table}
              allowed={allowed}
              label={`${words.meaning} ${r.id}`}
              value={r.meaning}
              onChange={(meaning) => put(r.id, meaning)}
            />
          )}
        />
        <Column
          show={(r: Code) => (
            <Button size="small" kind="quiet" label={`${words.remove} ${r.id}`} onClick={() => drop(r.id)}>
              {words.remove}
            </Button>
          )}
          width={84}
        />
      </Table>
      <NewCode key={table} table={table} allowed={allowed} onAdd={put} />
    </Stack>
  )
}

type Code = { id: string; meaning: string }

const withCount = (title: string, codes: object) => {
  const n = Object.keys(codes).length
  return n > 0 ? `${title}（${n}）` : title
}

type NewCodeProps = Pick<MeaningProps, 'table' | 'allowed'> & { onAdd: (code: string, meaning: string) => void }

function NewCode({ table, allowed, onAdd }: NewCodeProps) {
  const [code, setCode] = useState('')
  const [meaning, setMeaning] = useState('')
  const isReady = meaning.trim() !== '' && (code.trim() !== '' || table === 'assigner')
  const add = () => {
    onAdd(code.trim(), meaning.trim())
    setCode('')
    setMeaning('')
  }
  return (
    <Stack gap={8}>
      <Columns sizes="160px minmax(0, 1fr)" gap={8}>
        <TextField label={words.code} value={code} onChange={setCode} maxLength={100} />
        <Meaning table={table} allowed={allowed} label={words.meaning} value={meaning} onChange={setMeaning} isLabelled />
      </Columns>
      <span>
        <Button icon="add" disabled={!isReady} onClick={add}>
          {words.addCode}
        </Button>
      </span>
    </Stack>
  )
}

type MeaningProps = {
  table: CodeTable | OwnName
  allowed: readonly string[] | undefined
  label: string
  value: string
  onChange: (value: string) => void
  isLabelled?: boolean
}

/** One of ours where there are only certain ones, else any word. */
export function Meaning({ table, allowed, label, value, onChange, isLabelled = false }: MeaningProps) {
  if (!allowed) return <TextField label={label} hideLabel={!isLabelled} value={value} onChange={onChange} maxLength={100} />
  return (
    <SelectField
      label={label}
      hideLabel={!isLabelled}
      className="rx-grow"
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      options={allowed.map((one) => ({ value: one, label: meaningWord(table, one) }))}
    />
  )
}
