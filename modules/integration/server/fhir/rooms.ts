import type { Resource } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import type { Settled } from './conditions.ts'
import type { Setting } from './setting.ts'

/** A type of which the product has rows of its own, whoever told it. */
export type Room = {
  /** Whether an id can be one of its rows; where it is not said, ids are UUIDs. */
  isId?(id: string): boolean
  /** The ids of rows that answer these clauses, in the order of their ids; none where it cannot tell. */
  find(ctx: Context, clauses: readonly Settled[], page: { after: string | undefined; limit: number }): Promise<string[]>
  /** These rows as resources, by their ids. */
  describe(ctx: Context, setting: Setting, ids: readonly string[]): Promise<Map<string, Resource>>
  /** The patient of whose record each of these is; only for the types that belong to one. */
  patientOf?(ctx: Context, ids: readonly string[]): Promise<Map<string, string>>
  /** Parameters that are answered by what stands today, where that may be another than what was sent. */
  judged?: readonly string[]
  /** The same as `overlay`, of what has no row of its own. */
  overlayOfPatients?(ctx: Context, kept: readonly { patientId: string; resource: Resource }[]): Promise<Resource[]>
  /** What was sent, as the product knows it better today. */
  overlay?(ctx: Context, kept: readonly { objectId: string; resource: Resource }[]): Promise<Resource[]>
}
