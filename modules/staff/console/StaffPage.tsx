import { oneOf, useList, useRead, useUrlState } from '@renxin/client'
import { Button, CheckField, Column, Drawer, Page, Panel, Row, SearchBox, Stack, Table, Tabs, Tag, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { type Campus, type Person, staffApi, type Unit } from '../contract.ts'
import { words } from '../words.ts'
import { CampusForm } from './CampusForm.tsx'
import { PersonForm } from './PersonForm.tsx'
import { UnitForm } from './UnitForm.tsx'
import { yearsOfService } from './years-of-service.ts'

const tabs = ['units', 'people', 'campuses'] as const

export function StaffPage() {
  const [state, setState] = useUrlState({ tab: 'units' })
  const tab = oneOf(tabs, state.tab) ?? 'units'
  const content = { units: <Units />, people: <People />, campuses: <Campuses /> }
  return (
    <Page title={words.title}>
      <Panel>
        <Tabs
          label={words.title}
          value={tab}
          onChange={(key) => setState({ tab: key })}
          tabs={tabs.map((key) => ({ key, label: words[key], content: content[key] }))}
        />
      </Panel>
    </Page>
  )
}

const Retired = ({ isActive }: { isActive: boolean }) => (isActive ? null : <Tag>{words.inactive}</Tag>)

function Units() {
  const [search, setSearch] = useState('')
  const [withInactive, setWithInactive] = useState(false)
  const [edited, setEdited] = useState<Unit | 'new'>()
  const units = useRead(staffApi.units, { withInactive }, { keep: true })
  const isWanted = (u: Unit) => `${u.name} ${u.code ?? ''}`.toLowerCase().includes(search.trim().toLowerCase())
  const shown = { ...units, data: units.data?.rows.filter(isWanted) }
  const close = () => setEdited(undefined)
  return (
    <Stack gap={12}>
      <Toolbar
        label={words.units}
        actions={
          <Button kind="primary" icon="add" onClick={() => setEdited('new')}>
            {words.newUnit}
          </Button>
        }
      >
        <SearchBox label={words.searchUnits} value={search} onChange={setSearch} wait={50} />
        <CheckField label={words.withInactive} value={withInactive} onChange={setWithInactive} />
      </Toolbar>
      <Table of={shown} label={words.units} empty={words.noUnits} onOpen={setEdited} opened={edited === 'new' ? undefined : edited?.id}>
        <Column
          name={words.name}
          show={(u: Unit) => (
            <Row>
              {u.name}
              <Retired isActive={u.isActive} />
            </Row>
          )}
        />
        <Column name={words.kindTitle} width={120} show={(u: Unit) => words.kind[u.kind]} />
        <Column name={words.code} width={140} show={(u: Unit) => u.code} />
        <Column name={words.department} show={(u: Unit) => u.departmentName} />
      </Table>
      {edited && (
        <Drawer title={edited === 'new' ? words.newUnit : words.editUnit} onClose={close}>
          <UnitForm unit={edited === 'new' ? undefined : edited} onDone={close} />
        </Drawer>
      )}
    </Stack>
  )
}

function People() {
  const [search, setSearch] = useState('')
  const [withInactive, setWithInactive] = useState(false)
  const [edited, setEdited] = useState<Person | 'new'>()
  const people = useList(staffApi.people, { search, withInactive }, { keep: true })
  const close = () => setEdited(undefined)
  return (
    <Stack gap={12}>
      <Toolbar
        label={words.people}
        actions={
          <Button kind="primary" icon="add" onClick={() => setEdited('new')}>
            {words.newPerson}
          </Button>
        }
      >
        <SearchBox label={words.search} value={search} onChange={setSearch} />
        <CheckField label={words.withInactive} value={withInactive} onChange={setWithInactive} />
      </Toolbar>
      <Table of={people} label={words.people} empty={words.noPeople} onOpen={setEdited} opened={edited === 'new' ? undefined : edited?.id}>
        <Column
          name={words.personName}
          show={(p: Person) => (
            <Row>
              {p.name}
              <Retired isActive={p.isActive} />
            </Row>
          )}
        />
        <Column name={words.number} width={140} show={(p: Person) => p.number} />
        <Column name={words.jobTitle} width={100} show={(p: Person) => words.job[p.job]} />
        <Column name={words.post} width={160} show={(p: Person) => p.title} />
        <Column name={words.yearsOfService} width={100} show={(p: Person) => yearsOfService(p.startedOn)} />
        <Column name={words.memberOf} cut show={(p: Person) => p.units.map((u) => u.name).join('、')} />
      </Table>
      {edited && (
        <Drawer title={edited === 'new' ? words.newPerson : words.editPerson} onClose={close}>
          <PersonForm person={edited === 'new' ? undefined : edited} onDone={close} />
        </Drawer>
      )}
    </Stack>
  )
}

function Campuses() {
  const [edited, setEdited] = useState<Campus | 'new'>()
  const campuses = useRead(staffApi.campuses, {})
  const close = () => setEdited(undefined)
  return (
    <Stack gap={12}>
      <Toolbar
        label={words.campuses}
        actions={
          <Button kind="primary" icon="add" onClick={() => setEdited('new')}>
            {words.newCampus}
          </Button>
        }
      />
      <Table of={campuses} label={words.campuses} onOpen={setEdited} opened={edited === 'new' ? undefined : edited?.id}>
        <Column
          name={words.name}
          show={(c: Campus) => (
            <Row>
              {c.name}
              <Retired isActive={c.isActive} />
            </Row>
          )}
        />
      </Table>
      {edited && (
        <Drawer title={edited === 'new' ? words.newCampus : words.editCampus} onClose={close}>
          <CampusForm campus={edited === 'new' ? undefined : edited} onDone={close} />
        </Drawer>
      )}
    </Stack>
  )
}
