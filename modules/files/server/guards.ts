import type { Context } from '@renxin/server'
import { type About, fileErrors } from '../contract.ts'

/** Refuses an actor who may not read, or change, what files are attached to; says whose matter it is. */
export type Guard = (ctx: Context, id: string, purpose: 'read' | 'change') => Promise<{ patientId: string | null }>

const guards = new Map<string, Guard>()

/** A module upstairs says, once and for all, who may see the files of its things. */
export function guardFiles(kind: string, guard: Guard): void {
  guards.set(kind, guard)
}

export async function askGuard(ctx: Context, { kind, id }: About, purpose: 'read' | 'change'): Promise<{ patientId: string | null }> {
  const guard = guards.get(kind)
  if (!guard) throw fileErrors.notFound({ kind })
  return guard(ctx, id, purpose)
}
