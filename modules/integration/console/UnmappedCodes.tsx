import { useRead } from '@renxin/client'
import { Column, Panel, Table } from '@renxin/ui'
import { type CodeTable, meanings, type Profile, tableOf } from '../contract.ts'
import { deadLettersApi, type UnmappedCode } from '../dead-letters-contract.ts'
import { words } from '../words.ts'
import { fieldWord } from './phrases.tsx'
import { codesIn, withCode } from './profile.ts'
import { Meaning } from './SenderCodes.tsx'

type Row = UnmappedCode & { id: string; table: CodeTable }
type Props = { senderId: string; profile: Profile; onChange: (profile: Profile) => void }

/** Codes that came and mean nothing yet: one choice gives each its meaning. Draws nothing where there are none. */
export function UnmappedCodes({ senderId, profile, onChange }: Props) {
  const unmapped = useRead(deadLettersApi.unmapped, {})
  const rows = (unmapped.data?.rows ?? []).flatMap((row): Row[] => {
    const table = Object.entries(tableOf).find(([field]) => field === row.field)?.[1]
    return row.senderId === senderId && table ? [{ ...row, table, id: `${row.field} ${row.code}` }] : []
  })
  if (rows.length === 0) return null
  return (
    <Panel flush title={words.unmappedTitle} note={words.unmappedNote}>
      <Table of={rows} label={words.unmappedTitle} plain>
        <Column name={words.field} show={(r: UnmappedCode) => fieldWord(r.field)} width={90} />
        <Column name={words.code} show={(r: UnmappedCode) => <code>{r.code}</code>} width={100} />
        <Column name={words.messagesCount} show={(r: UnmappedCode) => r.times} align="end" width={70} />
        <Column
          name={words.meaning}
          show={(r: Row) => (
            <Meaning
              table={r.table}
              allowed={meanings[r.table]}
              label={`${words.meaning} ${fieldWord(r.field)} ${r.code}`}
              value={codesIn(profile, r.table)[r.code] ?? ''}
              onChange={(meaning) => onChange(withCode(profile, r.table, r.code, meaning))}
            />
          )}
        />
      </Table>
    </Panel>
  )
}
