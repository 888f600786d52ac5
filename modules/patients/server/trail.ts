import type { Input, Reply } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import type { trailApi } from '../contract.ts'
import { getCard, listCards } from './cards.ts'
import { findPatientIds } from './describe.ts'

type Api = typeof trailApi

/** More are not shown: who looks for one person says more of that person. */
const MOST = 10

/** Of whom the auditor may be asking: by a hospital number, identity number or phone, each whole, or by how a name begins. */
export async function patientsOfTrail(ctx: Context, { q }: Input<Api['ofTrail']>): Promise<Reply<Api['ofTrail']>> {
  const found = new Set<string>()
  for (const query of [{ identifier: { system: null, value: q } }, { phone: q }, { name: q }]) {
    for (const id of await findPatientIds(ctx, { ...query, limit: MOST + 1 })) found.add(id)
    if (found.size > 0) break
  }
  const ids = [...found]
  return { rows: await listCards(ctx, ids.slice(0, MOST)), more: ids.length > MOST }
}

export const patientOfTrail = (ctx: Context, { id }: Input<Api['oneOfTrail']>): Promise<Reply<Api['oneOfTrail']>> => getCard(ctx, id)
