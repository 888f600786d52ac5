import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { createQuestionnaire, getQuestionnaire, publishQuestionnaire, saveDraft } from '@renxin/surveys'
import { type Definition, inspect } from '@renxin/surveys/contract'
import { UUID } from './setting.ts'
import { nameOf } from './store.ts'
import type { Objects, Told } from './told.ts'

/** A questionnaire that the house can ask becomes one of the house; it is published where its sender says that it is active. */
export async function tellQuestionnaires(ctx: Context, told: readonly Told[], objects: Objects): Promise<void> {
  for (const { name, resource, objectId } of told) {
    if (name.type !== 'Questionnaire' || !resource || inspect(resource).findings.some((f) => f.weight === 'blocks')) continue
    const { meta: _, id: __, ...rest } = resource
    const definition: Definition = { ...rest, resourceType: 'Questionnaire' }
    const id = objectId ?? (UUID.test(name.id) ? name.id : newId(ctx.clock.now().getTime()))
    const { revision, draft } = objectId
      ? await saveDraft(ctx, { id, definition, revision: (await getQuestionnaire(ctx, { id })).revision })
      : await createQuestionnaire(ctx, { id, definition })
    objects.set(nameOf(name), id)
    if (resource.status === 'active' && draft)
      await publishQuestionnaire(ctx, { id, versionId: newId(ctx.clock.now().getTime()), revision })
  }
}
