import { useRead } from '@renxin/client'
import { MultiChoice } from '@renxin/ui'
import { accessApi } from '../contract.ts'
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
  const roles = useRead(accessApi.roles, {})
  return (
    <MultiChoice
      label={words.itsRoles}
      value={value}
      onChange={onChange}
      disabled={disabled}
      options={(roles.data?.rows ?? []).map((r) => ({ value: r.id, label: roleName(r) }))}
    />
  )
}
