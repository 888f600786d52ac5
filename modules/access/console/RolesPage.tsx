import { useRead } from '@renxin/client'
import { Column, Loaded, Page, Panel, Table, Tag, type Tone } from '@renxin/ui'
import { accessApi, type Role, type Scope } from '../contract.ts'
import { words } from '../words.ts'
import { allPermissions, moduleName, permissionName, roleName } from './names.ts'

const tones: Record<Scope, Tone> = { own: 'plain', ward: 'info', department: 'info', hospital: 'primary' }

/** Which role may do what, and how far. */
export function RolesPage() {
  const roles = useRead(accessApi.roles, {})
  return (
    <Page title={words.roles} note={words.matrix}>
      <Loaded of={roles} lines={12}>
        {({ rows }) => (
          <Panel flush>
            <Matrix roles={rows} />
          </Panel>
        )}
      </Loaded>
    </Page>
  )
}

function Matrix({ roles }: { roles: readonly Role[] }) {
  const granted = roles.flatMap((r) => r.grants.map((g) => g.permission))
  const permissions = [...new Set([...allPermissions(), ...granted])].map((id) => ({ id }))
  return (
    <Table of={permissions} label={words.matrix}>
      <Column
        name={words.permissionTitle}
        width={220}
        show={({ id }: { id: string }) => (
          <span title={id} style={{ whiteSpace: 'nowrap' }}>
            {permissionName(id)} <span className="rx-note">{moduleName(id.split('.')[0] ?? '')}</span>
          </span>
        )}
      />
      {roles.map((role) => (
        <Column
          key={role.id}
          name={`${roleName(role)} ${words.holders({ n: role.holders })}`}
          width={96}
          align="center"
          show={({ id }: { id: string }) => {
            const grant = role.grants.find((g) => g.permission === id)
            return grant ? <Tag tone={tones[grant.scope]}>{words.scope[grant.scope]}</Tag> : null
          }}
        />
      ))}
    </Table>
  )
}
