import { GoLink, useList, useUrlState } from '@renxin/client'
import { Column, formatMoment, houseWords, Page, Panel, Row, SelectField, Stack, Table } from '@renxin/ui'
import { type Classed, PrivacyClass, privacyApi } from '../contract.ts'
import { words } from '../words.ts'
import { PrivacyMark, sexAndAge } from './PatientCard.tsx'

const t = words.privacy

/** Whoever stands in a class of privacy, as far as the reader may see them. */
export function PrivacyPage() {
  const [{ of }, setFilters] = useUrlState({ of: '' })
  const only = PrivacyClass.safeParse(of).data
  const classed = useList(privacyApi.classed, only ? { class: only } : {}, { keep: true })
  return (
    <Page title={t.listTitle} note={t.listHelp}>
      <Stack>
        <div style={{ width: 200 }}>
          <SelectField
            label={t.choose}
            placeholder={t.all}
            value={only ?? null}
            onChange={(value) => setFilters({ of: value ?? '' })}
            options={PrivacyClass.options.map((c) => ({ value: c, label: t.class[c] }))}
          />
        </div>
        <Panel flush>
          <Table of={classed} label={t.listTitle} empty={t.nobody} memory="patients.private">
            <Column
              name={t.patient}
              show={(p: Classed) => (
                <Row gap={8} wrap={false}>
                  <GoLink to="patients.file" params={{ id: p.id }}>
                    {p.name || words.unnamed}
                  </GoLink>
                  <PrivacyMark privacy={p.privacy} />
                </Row>
              )}
            />
            <Column name={`${words.sex} · ${words.age}`} show={sexAndAge} />
            <Column name={words.medicalRecordNumber} show={(p: Classed) => p.medicalRecordNumber ?? houseWords.none} />
            <Column
              name={t.cause}
              show={(p: Classed) =>
                p.rule ? t.by[p.rule] : t.byHand({ name: p.setByName ?? '', at: p.setAt ? formatMoment(p.setAt) : '' })
              }
            />
          </Table>
        </Panel>
      </Stack>
    </Page>
  )
}
