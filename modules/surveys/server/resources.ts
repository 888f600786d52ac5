import { type Context, sql } from '@renxin/server'
import type { Definition } from '../contract.ts'
import { db } from './tables.ts'

type Described = { id: string; resource: Record<string, unknown> }

/** Responses as the FHIR resources that they are kept as; one that was put right since says so to whoever asks for it by its id. */
export async function describeResponses(ctx: Context, ids: readonly string[]): Promise<Described[]> {
  const rows = await db(ctx)
    .selectFrom('surveys.responses')
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .select(['id', 'resource', 'replacedBy'])
    .orderBy('id')
    .execute()
  return rows.map(({ id, resource, replacedBy }) => ({ id, resource: { ...resource, ...(replacedBy && { status: 'entered-in-error' }) } }))
}

/** Questionnaires as they are asked today; one that was never published as it is being written. */
export async function describeQuestionnaires(ctx: Context, ids: readonly string[]): Promise<Described[]> {
  const rows = await db(ctx)
    .selectFrom('surveys.questionnaires as q')
    .leftJoin('surveys.versions as v', 'v.id', 'q.currentVersionId')
    .where('q.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .select(['q.id', 'q.title', 'q.status', 'q.draft', 'v.definition', 'v.number'])
    .orderBy('q.id')
    .execute()
  return rows.map(({ id, title, status, draft, definition, number }) => {
    const shown: Definition = definition ?? draft ?? { resourceType: 'Questionnaire' }
    return { id, resource: { title, ...shown, id, status: statuses[status], ...(number ? { version: String(number) } : {}) } }
  })
}

const statuses = { draft: 'draft', active: 'active', disabled: 'retired' } as const
