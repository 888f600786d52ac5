import { Choice, Stack } from '@renxin/ui'
import { useState } from 'react'
import type { Source } from '../contract.ts'
import { words } from '../words.ts'
import { OpinionPad } from './OpinionPad.tsx'

const sources = ['visit', 'call', 'hotline', 'walkIn', 'letter'] as const satisfies readonly Source[]

/** The pad on a patient's file, where nothing else says how it was heard. */
export function PatientPad({ patientId = '' }: Record<string, string>) {
  const [source, setSource] = useState<Source>(sources[0])
  return (
    <Stack gap={8}>
      <Choice
        label={words.sourceTitle}
        value={source}
        onChange={setSource}
        options={sources.map((s) => ({ value: s, label: words.source[s] }))}
      />
      <OpinionPad patientId={patientId} source={source} />
    </Stack>
  )
}
