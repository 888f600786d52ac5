import { oneOf, useAddress, useGo, useList, useMe, useParams, useRead, useUrlState, useWrite } from '@renxin/client'
import { AskText, Button, Choice, Column, houseWords, Page, Panel, Stack, Table } from '@renxin/ui'
import { useState } from 'react'
import { type PatientLine, segmentsApi } from '../contract.ts'
import { words } from '../words.ts'
import { sexAndAge } from './PatientCard.tsx'
import { careText, FollowupText, StateTag } from './Standing.tsx'

const t = words.segments
const changes = ['all', 'come', 'left'] as const
type Change = (typeof changes)[number]

/** The patients of one segment: who is in it, who came and who left. */
export function SegmentPage() {
  const { segmentId = '' } = useParams()
  const go = useGo()
  const address = useAddress()
  const { may } = useMe()
  const [{ change: said }, setUrl] = useUrlState({ change: 'all' })
  const change = oneOf(changes, said) ?? 'all'
  const segments = useRead(segmentsApi.segments, {})
  const list = useList(segmentsApi.members, { segmentId, change }, { keep: true })
  const [leaving, setLeaving] = useState<PatientLine>()
  const mark = useWrite(segmentsApi.mark, { onSuccess: () => setLeaving(undefined) })
  const name = segments.data?.rows.find((s) => s.id === segmentId)?.name
  return (
    <Page title={t.members} note={name}>
      <Stack>
        <Choice
          label={t.members}
          hideLabel
          value={change}
          onChange={(next: Change) => setUrl({ change: next })}
          options={changes.map((k) => ({ value: k, label: t.change[k] }))}
        />
        <Panel flush>
          <Table
            of={list}
            label={t.members}
            empty={t.noMembers}
            onOpen={(p: PatientLine) => go('patients.file', { id: p.id })}
            href={(p: PatientLine) => address('patients.file', { id: p.id })}
          >
            <Column name={words.name} show={(p: PatientLine) => p.name || words.unnamed} />
            <Column name={`${words.sex} · ${words.age}`} show={sexAndAge} />
            <Column name={words.medicalRecordNumber} show={(p: PatientLine) => p.medicalRecordNumber ?? houseWords.none} />
            <Column name={words.standing.title} show={(p: PatientLine) => <StateTag standing={p.standing} />} />
            <Column name={words.standing.lastCare} cut show={(p: PatientLine) => careText(p.standing)} />
            <Column name={words.standing.lastFollowup} show={(p: PatientLine) => <FollowupText standing={p.standing} />} />
            {may('patients.edit') && change !== 'left' && (
              <Column
                show={(p: PatientLine) => (
                  <Button size="small" kind="quiet" onClick={() => setLeaving(p)}>
                    {t.takeOut}
                  </Button>
                )}
              />
            )}
          </Table>
        </Panel>
      </Stack>
      {leaving && (
        <AskText
          question={t.takeOutWhy}
          verb={t.takeOut}
          maxLength={200}
          busy={mark.isSending}
          error={words.of(mark.error)}
          onAnswer={(reason) => mark.send({ patientId: leaving.id, segmentId, isIn: false, reason })}
          onCancel={() => setLeaving(undefined)}
        />
      )}
    </Page>
  )
}
