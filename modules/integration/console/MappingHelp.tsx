import { Column, Table } from '@renxin/ui'
import { codeTables, usualPlaces } from '../contract.ts'
import { words } from '../words.ts'
import { fieldWord } from './phrases.tsx'

type Place = { id: string; place: string }
const places: readonly Place[] = Object.entries(usualPlaces).map(([id, place]) => ({ id, place }))

/** What may stand in a mapping, and where each thing is looked for where it says nothing. */
export function MappingHelp() {
  return (
    <details>
      <summary>{words.mappingPlaces}</summary>
      <Table of={places} label={words.mappingPlaces} plain>
        <Column name={words.meaning} show={(p: Place) => fieldWord(p.id)} width={110} />
        <Column name={words.mappingItem} show={(p: Place) => <code>{p.id}</code>} width={140} />
        <Column name={words.usualPlace} show={(p: Place) => <code>{p.place}</code>} />
      </Table>
      <p className="rx-note">{words.codeTables({ names: codeTables.join('、') })}</p>
    </details>
  )
}
