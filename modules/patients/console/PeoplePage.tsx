import { useList, useMe, useUrlState } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Column, Drawer, houseWords, Page, Panel, Row, SearchBox, SelectField, Stack, StatusTag, Table } from '@renxin/ui'
import { useState } from 'react'
import { type ContactPerson, PersonKind, peopleApi } from '../contract.ts'
import { words } from '../words.ts'
import { PersonForm, PersonTies } from './PersonForm.tsx'
import { RevealPersonPhone } from './Reveal.tsx'

const t = words.people

/** Whom the hospital deals with beside its patients. */
export function PeoplePage() {
  const { may } = useMe()
  const [{ q, kind }, setFilters] = useUrlState({ q: '', kind: '' })
  const [opened, setOpened] = useState<ContactPerson | 'new'>()
  const chosen = PersonKind.safeParse(kind).data
  const people = useList(peopleApi.people, { ...(q ? { q } : {}), ...(chosen ? { kind: chosen } : {}) }, { keep: true })
  const close = () => setOpened(undefined)
  return (
    <Page
      title={t.title}
      actions={
        may('patients.edit') && (
          <Button kind="primary" icon="add" onClick={() => setOpened('new')}>
            {t.add}
          </Button>
        )
      }
    >
      <Stack>
        <Row gap={12}>
          <div style={{ width: 280 }}>
            <SearchBox label={t.find} value={q} onChange={(text) => setFilters({ q: text })} />
          </div>
          <div style={{ width: 160 }}>
            <SelectField
              label={t.kindTitle}
              hideLabel
              placeholder={t.kindTitle}
              value={chosen ?? null}
              onChange={(value) => setFilters({ kind: value ?? '' })}
              options={PersonKind.options.map((k) => ({ value: k, label: t.kind[k] }))}
            />
          </div>
        </Row>
        <Panel flush>
          <Table
            of={people}
            label={t.title}
            empty={t.empty}
            memory="patients.people"
            opened={typeof opened === 'object' ? opened.id : undefined}
            onOpen={(p: ContactPerson) => setOpened(p)}
          >
            <Column name={words.name} show={(p: ContactPerson) => p.name} />
            <Column name={t.kindTitle} width={110} show={(p: ContactPerson) => t.kind[p.kind]} />
            <Column name={t.organisation} cut show={(p: ContactPerson) => p.organisation ?? houseWords.none} />
            <Column name={words.phone} width={140} show={(p: ContactPerson) => p.masked ?? houseWords.none} />
            <Column name={t.note} cut show={(p: ContactPerson) => p.note ?? houseWords.none} />
            <Column
              name={t.isActive}
              width={100}
              show={(p: ContactPerson) => (
                <StatusTag tone={p.isActive ? 'success' : 'plain'}>{p.isActive ? t.isActive : t.retired}</StatusTag>
              )}
            />
          </Table>
        </Panel>
      </Stack>
      {opened === 'new' && (
        <Drawer title={t.add} onClose={close}>
          <PersonForm id={newId()} onDone={close} />
        </Drawer>
      )}
      {typeof opened === 'object' && (
        <Drawer title={`${t.edit} · ${opened.name}`} onClose={close}>
          <Stack>
            {opened.masked && <RevealPersonPhone id={opened.id} masked={opened.masked} />}
            {may('patients.edit') && <PersonForm key={opened.id} id={opened.id} person={opened} onDone={close} />}
            <PersonTies personId={opened.id} />
          </Stack>
        </Drawer>
      )}
    </Page>
  )
}
