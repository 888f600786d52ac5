import { useRead } from '@renxin/client'
import { accessApi } from '../contract.ts'
import { words } from '../words.ts'

/** What this hospital asks of a password, in one line. */
export function usePasswordRule(): string {
  const { data } = useRead(accessApi.rules, {})
  if (!data) return ''
  return data.kinds > 1 ? words.passwordRule(data) : words.passwordLong(data)
}
