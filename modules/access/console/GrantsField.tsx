import { Column, Panel, SelectField, Stack, Table } from '@renxin/ui'
import { reachOf, type Scope } from '../contract.ts'
import { words } from '../words.ts'
import type { Given } from './given.ts'
import { allPermissions, moduleName, permissionName } from './names.ts'

const t = words.roleEditor

type Props = { given: Given; onChange: (given: Given) => void; disabled: boolean }

/** Every permission with how far it is given, room by room. */
export function GrantsField({ given, onChange, disabled }: Props) {
  const permissions = [...new Set([...allPermissions(), ...Object.keys(given)])]
  const rooms = [...new Set(permissions.map((p) => p.split('.')[0] ?? ''))]
  const set = (permission: string, scope: Scope | null) => {
    const { [permission]: _, ...others } = given
    onChange(scope ? { ...others, [permission]: scope } : others)
  }
  return (
    <Stack>
      <p className="rx-note">{t.grantsNote}</p>
      {rooms.map((room) => (
        <Panel key={room} title={moduleName(room)} flush>
          <Table of={permissions.filter((p) => p.startsWith(`${room}.`)).map((id) => ({ id }))} label={moduleName(room)} plain>
            <Column name={words.permissionTitle} show={({ id }: { id: string }) => <span title={id}>{permissionName(id)}</span>} />
            <Column
              name={t.grants}
              width={220}
              show={({ id }: { id: string }) => (
                <SelectField
                  label={permissionName(id)}
                  hideLabel
                  placeholder={t.none}
                  disabled={disabled}
                  value={given[id] ?? null}
                  onChange={(scope: Scope | null) => set(id, scope)}
                  options={[...new Set([...reachOf(id), ...(given[id] ? [given[id]] : [])])].map((s) => ({
                    value: s,
                    label: words.scope[s],
                  }))}
                />
              )}
            />
          </Table>
        </Panel>
      ))}
    </Stack>
  )
}
