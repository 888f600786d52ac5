import { useAddress, useGo, useList, useMe, useRead, useUrlState } from '@renxin/client'
import {
  Button,
  Column,
  Empty,
  formatCount,
  formatMoment,
  houseWords,
  MultiSelectField,
  Page,
  Panel,
  Row,
  SearchForm,
  Stack,
  Table,
  Tag,
} from '@renxin/ui'
import { useState } from 'react'
import { Conditions, fieldsApi, type ListedPatient, listsApi, patientsApi, segmentsApi } from '../contract.ts'
import { words } from '../words.ts'
import { tidy, useConditionFields } from './ConditionFields.tsx'
import { RegisterPatient } from './EditPatient.tsx'
import { EmergencyButton } from './EmergencyButton.tsx'
import { contentText } from './ExtraFields.tsx'
import { PrivacyMark, sexAndAge, Warnings } from './PatientCard.tsx'
import { PatientSearch } from './PatientSearch.tsx'
import { careText, FollowupText, StateTag } from './Standing.tsx'
import { Views } from './Views.tsx'

/** Find somebody, or narrow the list by whatever is known, and keep the filter for the next time. */
export function PatientsPage() {
  const { may } = useMe()
  const [isNew, setNew] = useState(false)
  const [{ where }, setUrl] = useUrlState({ where: '' })
  const conditions = readConditions(where)
  const choose = (next: Conditions) => setUrl({ where: Object.keys(next).length > 0 ? JSON.stringify(next) : '' })
  return (
    <Page
      title={words.title}
      actions={
        <>
          {may('patients.emergency') && <EmergencyButton />}
          {may('patients.edit') && (
            <Button icon="add" onClick={() => setNew(true)}>
              {words.register}
            </Button>
          )}
        </>
      }
    >
      <Stack>
        <PatientSearch autoFocus={false} focusKey="/" />
        <Filters key={where} conditions={conditions} onChoose={choose} />
        <Listed conditions={conditions} />
      </Stack>
      {isNew && <RegisterPatient onClose={() => setNew(false)} />}
    </Page>
  )
}

/** What an address says; whatever somebody wrote into it by hand and is none narrows nothing. */
function readConditions(text: string): Conditions {
  try {
    return Conditions.parse(JSON.parse(text || '{}'))
  } catch {
    return {}
  }
}

function Filters({ conditions, onChoose }: { conditions: Conditions; onChoose: (next: Conditions) => void }) {
  const [draft, setDraft] = useState(conditions)
  const segments = useRead(segmentsApi.segments, {})
  const ofSegments = (
    <MultiSelectField
      key="segments"
      label={words.lists.conditions.segmentIds}
      value={draft.segmentIds ?? []}
      onChange={(segmentIds) => setDraft(tidy({ ...draft, segmentIds }))}
      options={(segments.data?.rows ?? []).filter((s) => s.isActive).map((s) => ({ value: s.id, label: s.name }))}
    />
  )
  const fields = useConditionFields(draft, setDraft, ofSegments)
  return (
    <Stack gap={8}>
      <Views conditions={conditions} onChoose={onChoose} />
      <SearchForm onSearch={() => onChoose(tidy(draft))} onReset={() => onChoose({})}>
        {fields}
      </SearchForm>
    </Stack>
  )
}

function Listed({ conditions }: { conditions: Conditions }) {
  const go = useGo()
  const address = useAddress()
  const isNarrowed = Object.keys(conditions).length > 0
  const where = isNarrowed ? { where: JSON.stringify(conditions) } : {}
  const list = useList(patientsApi.list, where, { keep: true })
  const count = useRead(listsApi.count, where, { keep: true })
  const own = useRead(fieldsApi.fields, {})
  const columns = (own.data?.rows ?? []).filter((f) => f.object === 'patient' && f.isActive && f.isInList && !f.isSensitive)
  return (
    <Panel flush>
      <p className="rx-note" style={{ padding: '8px 16px', margin: 0 }} aria-live="polite">
        {count.data ? countText(count.data) : words.lists.counting}
      </p>
      <Table
        of={list}
        label={words.title}
        empty={isNarrowed ? <Empty>{words.lists.nothing}</Empty> : words.empty}
        memory="patients.list"
        onOpen={(p: ListedPatient) => go('patients.file', { id: p.id })}
        href={(p: ListedPatient) => address('patients.file', { id: p.id })}
      >
        <Column
          name={words.name}
          show={(p: ListedPatient) => (
            <Row gap={8} wrap={false}>
              {p.name || words.unnamed}
              <PrivacyMark privacy={p.privacy} />
            </Row>
          )}
        />
        <Column name={`${words.sex} · ${words.age}`} show={sexAndAge} />
        <Column name={words.medicalRecordNumber} show={(p: ListedPatient) => p.medicalRecordNumber ?? houseWords.none} />
        <Column name={words.standing.title} show={(p: ListedPatient) => <StateTag standing={p.standing} />} />
        <Column name={words.standing.lastCare} width={240} show={(p: ListedPatient) => careText(p.standing)} />
        <Column name={words.standing.dischargedOn} show={(p: ListedPatient) => p.standing.dischargedOn ?? houseWords.none} />
        <Column name={words.standing.lastFollowup} show={(p: ListedPatient) => <FollowupText standing={p.standing} />} />
        <Column name={words.standing.nextFollowup} hidden show={(p: ListedPatient) => formatMoment(p.standing.followup.nextAt)} />
        <Column name={words.standing.attending} hidden show={(p: ListedPatient) => p.standing.attending ?? houseWords.none} />
        <Column name={words.standing.diagnosis} hidden cut show={(p: ListedPatient) => p.standing.mainDiagnosis ?? houseWords.none} />
        <Column name={words.bed} show={(p: ListedPatient) => p.bed ?? houseWords.none} />
        <Column name={words.payer} hidden show={(p: ListedPatient) => p.payer ?? houseWords.none} />
        <Column name={words.identityClass} hidden show={(p: ListedPatient) => p.identityClass ?? houseWords.none} />
        {columns.map((field) => (
          <Column key={field.id} name={field.label} show={(p: ListedPatient) => contentText(p.own[field.id] ?? null)} />
        ))}
        <Column
          name={words.tags}
          show={(p: ListedPatient) => (
            <Row gap={4}>
              <Warnings card={p} />
              {p.tags.map((tag) => (
                <Tag key={tag.id} tone={tag.tone}>
                  {tag.name}
                </Tag>
              ))}
            </Row>
          )}
        />
      </Table>
    </Panel>
  )
}

/** `共 1,284 位`; beyond what is counted, that there are more. */
export const countText = ({ count, isMore }: { count: number; isMore: boolean }): string =>
  isMore ? words.lists.foundMore({ n: formatCount(count) }) : words.lists.found({ n: formatCount(count) })
