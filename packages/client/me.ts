import { createContext, use } from 'react'

export type Scope = 'hospital' | 'campus' | 'department' | 'ward' | 'own'

/** Who is signed in, where, and what they may do; the shape of `accessApi.me`. */
export type MeReply = {
  user: { id: string; name: string; displayName: string; personId: string | null; language?: string | null }
  hospital: { id: number; name: string; shortName?: string | null; zone: string; isDemo: boolean }
  permissions: Readonly<Record<string, Scope>>
  roles: readonly { id: string; key: string; name: string | null }[]
  departments?: readonly string[]
  wards?: readonly string[]
}

export type Me = MeReply & {
  /** Whether a permission is given at all; the route decides again. `signedIn` and `anyone` always are. */
  may: (permission: string) => boolean
  scopeOf: (permission: string) => Scope | undefined
}

export function meOf(reply: MeReply): Me {
  const scopeOf = (permission: string) => reply.permissions[permission]
  return {
    ...reply,
    scopeOf,
    may: (permission) => permission === 'signedIn' || permission === 'anyone' || scopeOf(permission) !== undefined,
  }
}

export const MeContext = createContext<Me | undefined>(undefined)

export function useMe(): Me {
  const me = use(MeContext)
  if (!me) throw new Error('useMe: nobody is signed in here')
  return me
}
