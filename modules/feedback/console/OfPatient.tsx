import { useGo, useList, useMe } from '@renxin/client'
import { Column, formatMoment, Stack, Table } from '@renxin/ui'
import { feedbackApi, type Opinion } from '../contract.ts'
import { words } from '../words.ts'
import { PatientPad } from './PatientPad.tsx'
import { KindTag, namesOf } from './parts.tsx'

/** What one patient said, and the pad for what is said now. */
export function OpinionsOfPatient({ patientId = '' }: Record<string, string>) {
  const { may } = useMe()
  return (
    <Stack>
      {may('feedback.record') && <PatientPad patientId={patientId} />}
      {may('feedback.read') && <Opinions patientId={patientId} />}
    </Stack>
  )
}

function Opinions({ patientId }: { patientId: string }) {
  const go = useGo()
  const opinions = useList(feedbackApi.list, { patientId })
  return (
    <Table
      of={opinions}
      label={words.opinions}
      empty={words.noOpinions}
      onOpen={(o: Opinion) => go('feedback.opinions', {}, { open: o.id })}
    >
      <Column name={words.receivedAt} width={150} show={(o: Opinion) => formatMoment(o.receivedAt)} />
      <Column name={words.kindTitle} width={90} show={(o: Opinion) => <KindTag kind={o.kind} />} />
      <Column name={words.category} width={120} show={(o: Opinion) => o.category} />
      <Column name={words.text} cut show={(o: Opinion) => o.text || words.noText} />
      <Column name={words.units} width={180} cut show={(o: Opinion) => namesOf(o.units)} />
    </Table>
  )
}
