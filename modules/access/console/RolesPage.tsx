import { GoLink, useMe, useRead, useUrlState } from '@renxin/client'
import { Button, Column, Drawer, Page, Panel, Table, Tag } from '@renxin/ui'
import { type Role, rolesApi } from '../contract.ts'
import { words } from '../words.ts'
import { NewRole } from './NewRole.tsx'
import { roleName } from './names.ts'
import { RoleDetails } from './RoleDetails.tsx'

const t = words.roleEditor

/** Which roles there are, how many have them, and what each gives. */
export function RolesPage() {
  const me = useMe()
  const [state, setState] = useUrlState({ open: '' })
  const roles = useRead(rolesApi.roles, {})
  const close = () => setState({ open: '' })
  const opened = roles.data?.rows.find((r) => r.id === state.open)
  return (
    <Page
      title={words.roles}
      actions={
        <>
          <GoLink to="access.matrix" className="rx-button rx-button-plain">
            {t.openMatrix}
          </GoLink>
          {me.may('access.roles') && (
            <Button kind="primary" icon="add" onClick={() => setState({ open: 'new' })}>
              {t.newRole}
            </Button>
          )}
        </>
      }
    >
      <Panel flush>
        <Table of={roles} label={t.list} onOpen={(r: Role) => setState({ open: r.id })} opened={state.open}>
          <Column name={t.role} show={(r: Role) => roleName(r)} />
          <Column name={t.state} width={220} show={(r: Role) => <RoleState role={r} />} />
          <Column name={t.people} width={100} align="end" show={(r: Role) => r.holders} />
          <Column name={t.count} width={100} align="end" show={(r: Role) => r.grants.length} />
        </Table>
      </Panel>
      {state.open === 'new' && (
        <Drawer title={t.newRole} onClose={close}>
          <NewRole roles={roles.data?.rows ?? []} onDone={(id) => setState({ open: id })} />
        </Drawer>
      )}
      {opened && <RoleDetails key={`${opened.id} ${opened.version} ${opened.isRetired}`} role={opened} onClose={close} />}
    </Page>
  )
}

function RoleState({ role }: { role: Role }) {
  return (
    <>
      <Tag>{role.isPreset ? t.preset : t.own}</Tag> {role.isChanged && <Tag tone="info">{t.changed}</Tag>}{' '}
      {role.isRetired && <Tag tone="warning">{t.retired}</Tag>}
    </>
  )
}
