import { useAddress, useGo, useList, useMe, useRead, useUrlState } from '@renxin/client'
import { Button, Column, formatMoment, houseWords, Page, Row, SelectField, Stack, Table, Tag } from '@renxin/ui'
import { useState } from 'react'
import { type PatientLine, patientsApi } from '../contract.ts'
import { words } from '../words.ts'
import { RegisterPatient } from './EditPatient.tsx'
import { sexAndAge, Warnings } from './PatientCard.tsx'
import { PatientSearch } from './PatientSearch.tsx'
import { careText, FollowupText, StateTag } from './Standing.tsx'

/** Find somebody, or look through the latest. */
export function PatientsPage() {
  const go = useGo()
  const address = useAddress()
  const { may } = useMe()
  const [isNew, setNew] = useState(false)
  const [{ tagId, deceased }, setFilters] = useUrlState({ tagId: '', deceased: '' })
  const tags = useRead(patientsApi.tags, {})
  const list = useList(
    patientsApi.list,
    { ...(tagId ? { tagId } : {}), ...(deceased === 'yes' || deceased === 'no' ? { deceased } : {}) },
    { keep: true },
  )
  return (
    <Page
      title={words.title}
      actions={
        may('patients.edit') && (
          <Button icon="add" onClick={() => setNew(true)}>
            {words.register}
          </Button>
        )
      }
    >
      <Stack>
        <PatientSearch autoFocus={false} focusKey="/" />
        <Row gap={12}>
          <div style={{ width: 200 }}>
            <SelectField
              label={words.filterTag}
              value={tagId || null}
              onChange={(id) => setFilters({ tagId: id ?? '' })}
              options={(tags.data?.tags ?? []).map((t) => ({ value: t.id, label: t.name }))}
            />
          </div>
          <div style={{ width: 160 }}>
            <SelectField
              label={words.filterDeceased}
              value={deceased || null}
              onChange={(d) => setFilters({ deceased: d ?? '' })}
              options={[
                { value: 'no', label: words.deceasedNo },
                { value: 'yes', label: words.deceasedYes },
              ]}
            />
          </div>
        </Row>
        <Table
          of={list}
          label={words.title}
          empty={words.empty}
          memory="patients.list"
          onOpen={(p: PatientLine) => go('patients.file', { id: p.id })}
          href={(p: PatientLine) => address('patients.file', { id: p.id })}
        >
          <Column name={words.name} show={(p: PatientLine) => p.name || words.unnamed} />
          <Column name={`${words.sex} · ${words.age}`} show={sexAndAge} />
          <Column name={words.medicalRecordNumber} show={(p: PatientLine) => p.medicalRecordNumber ?? houseWords.none} />
          <Column name={words.standing.title} show={(p: PatientLine) => <StateTag standing={p.standing} />} />
          <Column name={words.standing.lastCare} cut show={(p: PatientLine) => careText(p.standing)} />
          <Column name={words.standing.dischargedOn} show={(p: PatientLine) => p.standing.dischargedOn ?? houseWords.none} />
          <Column name={words.standing.lastFollowup} show={(p: PatientLine) => <FollowupText standing={p.standing} />} />
          <Column name={words.standing.nextFollowup} hidden show={(p: PatientLine) => formatMoment(p.standing.followup.nextAt)} />
          <Column name={words.bed} show={(p: PatientLine) => p.bed ?? houseWords.none} />
          <Column name={words.payer} hidden show={(p: PatientLine) => p.payer ?? houseWords.none} />
          <Column
            name={words.tags}
            show={(p: PatientLine) => (
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
      </Stack>
      {isNew && <RegisterPatient onClose={() => setNew(false)} />}
    </Page>
  )
}
