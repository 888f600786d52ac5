import { admitted, cancelled, corrected, dischargeCancelled, discharged, registered, transferred } from '@renxin/encounters'
import { type Context, listenMany, type Meta, sql, tick } from '@renxin/server'
import { resourcesOf } from './read.ts'
import { settingOf } from './setting.ts'
import { headsOfObjects } from './store.ts'
import { causeOf, isWatched, notify } from './subscriptions.ts'

type Told = { encounterId: string; patientId: string }

/** What came by another way than FHIR is told to subscribers too; what came by FHIR was told when it was written, under the same cause. */
async function tellSubscribers(ctx: Context, payloads: Told[], metas: Meta[]): Promise<void> {
  if (!(await isWatched(ctx, 'Encounter'))) return
  const setting = settingOf(ctx, { origin: '' })
  const heads = await headsOfObjects(ctx, 'Encounter', payloads.map((p) => p.encounterId)) // biome-ignore format: one thought
  const wanted = payloads.map(({ encounterId }) => {
    const head = heads.find((h) => h.objectId === encounterId && !h.isDeleted)
    return { id: head?.id ?? encounterId, head, objectId: encounterId }
  })
  const shown = new Map((await resourcesOf(ctx, setting, 'Encounter', wanted)).map((s) => [String(s.resource.id), s.resource]))
  await notify(
    ctx,
    setting,
    wanted.flatMap(({ id, head }, i) => {
      const [resource, meta, told] = [shown.get(id), metas[i], payloads[i]]
      if (!resource || !meta || !told) return []
      return [{ name: { type: 'Encounter', id }, resource, patientId: told.patientId, cause: head ? causeOf(head, resource) : meta.id }]
    }),
  )
}

const events = [admitted, registered, transferred, dischargeCancelled, cancelled, discharged, corrected]
export const fhirListeners = events.map((event) => listenMany(event, tellSubscribers))

const KEPT_DAYS = 30

/** Notices that were delivered are kept for a month. */
export const clearNotices = tick('integration.clearNotices', { everySeconds: 3600 }, async (ctx) => {
  const before = new Date(ctx.clock.now().getTime() - KEPT_DAYS * 86_400_000)
  await sql`delete from integration.fhir_notices where status = 'sent' and sent_at < ${before}`.execute(ctx.db)
})
