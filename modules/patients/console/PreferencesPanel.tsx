import { useMe, useWrite } from '@renxin/client'
import { CheckField, Columns, notify, Panel, Stack } from '@renxin/ui'
import { type PatientFile, patientsApi, type Refused } from '../contract.ts'
import { words } from '../words.ts'

const channels = ['call', 'message', 'all'] as const
const purposes = ['followup', 'satisfaction', 'greeting', 'promotion'] as const

/** What a person does not want: held to by everything that is planned. */
export function PreferencesPanel({ file }: { file: PatientFile }) {
  const { may } = useMe()
  const refuse = useWrite(patientsApi.refuse, { onError: (problem) => notify(words.of(problem) ?? '', { tone: 'danger' }) })
  const box = (kind: Refused['kind'], value: string, label: string) => (
    <CheckField
      key={value}
      label={label}
      value={file.refusals.some((r) => r.kind === kind && r.value === value)}
      disabled={!may('patients.edit') || refuse.isSending}
      onChange={(refused) => refuse.send({ patientId: file.id, kind, value, refused })}
    />
  )
  return (
    <Panel title={words.preferences}>
      <Columns sizes="1fr 1fr">
        <Stack gap={4}>{channels.map((value) => box('channel', value, words.refuse[value]))}</Stack>
        <Stack gap={4}>{purposes.map((value) => box('purpose', value, words.refusePurpose[value]))}</Stack>
      </Columns>
    </Panel>
  )
}
