import { useGo, useList, useMe, useRead, useUrlState } from '@renxin/client'
import { yearsOfService } from '@renxin/staff/console'
import { Button, Column, Drawer, formatMoment, Page, Panel, SearchBox, SelectField, Table, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { accessApi, rolesApi, type User } from '../contract.ts'
import { words } from '../words.ts'
import { NewUser } from './NewUser.tsx'
import { roleName, rolesText } from './names.ts'
import { OpenAccounts } from './OpenAccounts.tsx'
import { UserDetails } from './UserDetails.tsx'
import { UserState } from './UserState.tsx'

export function UsersPage() {
  const { may } = useMe()
  const go = useGo()
  const [state, setState] = useUrlState({ role: '', open: '' })
  const [search, setSearch] = useState('')
  const users = useList(accessApi.users, { search, ...(state.role && { roleKey: state.role }) }, { keep: true })
  const roles = useRead(rolesApi.roles, {})
  const close = () => setState({ open: '' })
  return (
    <Page
      title={words.users}
      actions={
        may('access.users') && (
          <>
            {may('integration.import') && (
              <Button onClick={() => go('integration.imports', {}, { add: 'staff' })}>{words.opening.fromFile}</Button>
            )}
            <Button onClick={() => setState({ open: 'many' })}>{words.opening.open}</Button>
            <Button kind="primary" icon="add" onClick={() => setState({ open: 'new' })}>
              {words.newUser}
            </Button>
          </>
        )
      }
    >
      <Toolbar label={words.users}>
        <SearchBox label={words.search} value={search} onChange={setSearch} />
        <SelectField
          label={words.itsRoles}
          hideLabel
          placeholder={words.itsRoles}
          value={state.role || null}
          onChange={(role) => setState({ role: role ?? '' })}
          options={(roles.data?.rows ?? []).map((r) => ({ value: r.key, label: roleName(r) }))}
        />
      </Toolbar>
      <Panel flush>
        <Table
          of={users}
          label={words.users}
          empty={words.noUsers}
          onOpen={(u: User) => setState({ open: u.id })}
          opened={state.open}
          memory="access.users"
        >
          <Column name={words.displayName} width={140} show={(u: User) => u.displayName} />
          <Column name={words.name} width={160} show={(u: User) => u.name} />
          <Column
            name={words.opening.titleAndYears}
            width={150}
            show={(u: User) => [u.personTitle, yearsOfService(u.startedOn)].filter(Boolean).join(' · ')}
          />
          <Column name={words.itsRoles} show={(u: User) => rolesText(u.roles)} />
          <Column name={words.state} width={200} show={(u: User) => <UserState user={u} />} />
          <Column
            name={words.lastSignedIn}
            width={140}
            show={(u: User) => (u.lastSignedInAt ? formatMoment(u.lastSignedInAt) : words.never)}
          />
        </Table>
      </Panel>
      {state.open === 'new' && (
        <Drawer title={words.newUser} onClose={close}>
          <NewUser onDone={close} />
        </Drawer>
      )}
      {state.open === 'many' && (
        <Drawer title={words.opening.open} onClose={close}>
          <OpenAccounts onDone={close} />
        </Drawer>
      )}
      {state.open !== '' && state.open !== 'new' && state.open !== 'many' && (
        <Drawer title={words.editUser} onClose={close}>
          <UserDetails id={state.open} />
        </Drawer>
      )}
    </Page>
  )
}
