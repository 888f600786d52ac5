import { useAddress, useGo, useList } from '@renxin/client'
import type { TimelineEntry } from '@renxin/patients/contract'
import { Column, formatMoment, houseWords, StatusTag, Table } from '@renxin/ui'
import { surveysApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.ofPatient

/** Behind a tab of a patient's file: the questionnaires that were answered, newest first; a row opens the answers. */
export function ResponsesOfPatient({ patientId = '' }: Record<string, string>) {
  const list = useList(surveysApi.timeline, { patientId })
  const go = useGo()
  const address = useAddress()
  return (
    <Table
      of={list}
      label={words.timeline.response}
      empty={t.empty}
      onOpen={(r) => go('surveys.response', { id: r.id })}
      href={(r) => address('surveys.response', { id: r.id })}
      maxHeight={560}
    >
      <Column name={t.at} width={150} show={(r: TimelineEntry) => formatMoment(r.at)} />
      <Column name={words.timeline.response} show={(r: TimelineEntry) => r.title || houseWords.none} />
      <Column
        name={t.mood}
        width={160}
        show={(r: TimelineEntry) => (r.tone === 'bad' ? <StatusTag tone="warning">{t.unhappy}</StatusTag> : houseWords.none)}
      />
    </Table>
  )
}
