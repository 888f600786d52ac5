import { type Context, serve } from '@renxin/server'
import { currentVersion, getVersion } from '@renxin/surveys'
import { contentApi } from '../../contract.ts'
import { getRow } from '../rows.ts'
import { extrasOf, listExtras, saveExtra } from './extras.ts'
import { listNews, newsOf, saveNews } from './news.ts'

/** What is asked and told in a call beside what its step asks. */
async function getContent(ctx: Context, { id }: { id: string }) {
  const task = await getRow(ctx, id)
  const extras = []
  for (const e of await extrasOf(ctx, task)) {
    const version = e.versionId ? await getVersion(ctx, e.versionId) : await currentVersion(ctx, e.questionnaireId) // a handful
    extras.push({ id: e.id, name: e.name, versionId: version.id, definition: version.definition, responseId: e.responseId })
  }
  return { patientId: task.patientId, extras, news: await newsOf(ctx, task) }
}

export const contentRoutes = serve(contentApi, { taskContent: getContent, extras: listExtras, saveExtra, news: listNews, saveNews })

export { recordExtras } from './extras.ts'
export { noteNews } from './news.ts'
