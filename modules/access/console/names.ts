import { houseWords } from '@renxin/ui'
import type { Me, RoleName } from '../contract.ts'
import { words } from '../words.ts'

const has = <T extends object>(tree: T, key: PropertyKey): key is keyof T => Object.hasOwn(tree, key)

/** A role's name: the hospital's own, else the preset's in the reader's language. */
export const roleName = (role: Pick<RoleName, 'key' | 'name'>): string =>
  role.name ?? (has(words.role, role.key) ? words.role[role.key] : role.key)

/** Who did it, as a reader knows him: what is done by the clock and whoever is not signed in have no name of their own. */
export const actorText = ({ actorId, actorName }: { actorId?: string | null; actorName: string }): string =>
  !actorId && has(words.actor, actorName) ? words.actor[actorName] : actorName

export const rolesText = (roles: Me['roles']): string => roles.map(roleName).join('、') || houseWords.none

export const moduleName = (module: string): string => (has(words.module, module) ? words.module[module] : module)

/** What a permission lets one do; its code where there is no word. */
export function permissionName(permission: string): string {
  const [module = '', verb = ''] = permission.split('.')
  if (!has(words.permission, module)) return permission
  const verbs: Readonly<Record<string, string>> = words.permission[module]
  return verbs[verb] ?? permission
}

/** Every permission there is a word for, in the order of the catalogue. */
export const allPermissions = (): string[] =>
  Object.entries(words.permission).flatMap(([module, verbs]) => Object.keys(verbs).map((verb) => `${module}.${verb}`))
