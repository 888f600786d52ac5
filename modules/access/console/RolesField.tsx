import { useRead } from '@renxin/client'
import { MultiChoice } from '@renxin/ui'
import { rolesApi } from '../contract.ts'
import { words } from '../words.ts'
import { roleName } from './names.ts'

export function RolesField({
  value,
  onChange,
  disabled = false,
}: {
  value: readonly string[]
  onChange: (ids: string[]) => void
  disabled?: boolean
}) {
  const roles = useRead(rolesApi.roles, {})
  return (
    <MultiChoice
      label={words.itsRoles}
      value={value}
      onChange={onChange}
      disabled={disabled}
      options={(roles.data?.rows ?? [])
        .filter((r) => !r.isRetired || value.includes(r.id))
        .map((r) => ({ value: r.id, label: roleName(r) }))}
    />
  )
}
