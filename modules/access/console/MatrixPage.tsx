import { useMe, useRead } from '@renxin/client'
import { guardedFields } from '@renxin/kernel'
import { Button, Loaded, Page, Panel, today } from '@renxin/ui'
import { type Role, rolesApi } from '../contract.ts'
import { words } from '../words.ts'
import './matrix.css'
import { allPermissions, moduleName, permissionName, roleName } from './names.ts'

const t = words.roleEditor

/** Which role may do what, and how far: one sheet that prints on A4. */
export function MatrixPage() {
  const me = useMe()
  const roles = useRead(rolesApi.roles, {})
  const stamp = t.printed({ hospital: me.hospital.name, at: today(), who: me.user.displayName })
  return (
    <Page
      title={words.matrix}
      actions={
        <Button kind="primary" onClick={() => window.print()}>
          {t.print}
        </Button>
      }
    >
      <Loaded of={roles} lines={12}>
        {({ rows }) => (
          <Panel flush>
            <Matrix roles={rows.filter((r) => !r.isRetired)} />
          </Panel>
        )}
      </Loaded>
      <p className="matrix-stamp">{stamp}</p>
    </Page>
  )
}

function Matrix({ roles }: { roles: readonly Role[] }) {
  const granted = roles.flatMap((r) => r.grants.map((g) => g.permission))
  const permissions = [...new Set([...allPermissions(), ...granted])]
  const rooms = [...new Set(permissions.map((p) => p.split('.')[0] ?? ''))]
  return (
    <section className="matrix-frame" aria-label={words.matrix}>
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">{words.permissionTitle}</th>
            {roles.map((role) => (
              <th key={role.id} scope="col">
                {roleName(role)}
                <small>{words.holders({ n: role.holders })}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="matrix-room">
            <th scope="rowgroup" colSpan={roles.length + 1}>
              {t.fieldsTitle}
            </th>
          </tr>
          {guardedFields.map((field) => (
            <tr key={field}>
              <th scope="row">{t.field[field]}</th>
              {roles.map((role) => (
                <td key={role.id}>{role.hidden.includes(field) ? t.hiddenField : ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
        {rooms.map((room) => (
          <tbody key={room}>
            <tr className="matrix-room">
              <th scope="rowgroup" colSpan={roles.length + 1}>
                {moduleName(room)}
              </th>
            </tr>
            {permissions
              .filter((p) => p.startsWith(`${room}.`))
              .map((permission) => (
                <tr key={permission}>
                  <th scope="row" title={permission}>
                    {permissionName(permission)}
                  </th>
                  {roles.map((role) => {
                    const scope = role.grants.find((g) => g.permission === permission)?.scope
                    return (
                      <td key={role.id} className={scope && `matrix-${scope}`}>
                        {scope ? words.scope[scope] : ''}
                      </td>
                    )
                  })}
                </tr>
              ))}
          </tbody>
        ))}
      </table>
    </section>
  )
}
