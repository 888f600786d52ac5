import { useList, useUrlState } from '@renxin/client'
import { Column, formatMoment, Page, Panel, Table } from '@renxin/ui'
import { type Duplicate, duplicatesApi } from '../contract.ts'
import { words } from '../words.ts'
import { MergePair, Reasons } from './MergePair.tsx'
import { sexAndAge } from './PatientCard.tsx'

const t = words.merging

/** Pairs of files that may be of one person: look, merge, or say that they are two. */
export function DuplicatesPage() {
  const pairs = useList(duplicatesApi.duplicates, {}, { keep: true })
  const [{ pair }, setPair] = useUrlState({ pair: '' })
  const [patientId = '', otherId = ''] = pair.split('.')
  return (
    <Page title={t.title}>
      <Panel flush>
        <Table
          of={pairs}
          label={t.title}
          empty={t.empty}
          memory="patients.duplicates"
          opened={pair}
          onOpen={(row: Duplicate) => setPair({ pair: row.id })}
        >
          <Column name={t.score} width={80} show={(row: Duplicate) => row.score} />
          <Column name={t.one} show={(row: Duplicate) => personText(row.one)} />
          <Column name={t.other} show={(row: Duplicate) => personText(row.other)} />
          <Column name={t.reasons} show={(row: Duplicate) => <Reasons reasons={row.reasons} />} />
          <Column name={t.foundAt} width={150} show={(row: Duplicate) => formatMoment(row.foundAt)} />
        </Table>
      </Panel>
      {patientId && otherId && <MergePair key={pair} patientId={patientId} otherId={otherId} onClose={() => setPair({ pair: '' })} />}
    </Page>
  )
}

const personText = (file: Duplicate['one']) =>
  [file.name || words.unnamed, sexAndAge(file), file.medicalRecordNumber ?? t.noNumber].filter(Boolean).join(' · ')
