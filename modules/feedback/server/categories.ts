import { type Input, newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import type { Category, feedbackApi } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof feedbackApi

/** The kinds of the field; a hospital renames, adds and retires them. Their order is the digit that records them. */
const presets = [
  ['attitude', '服务态度'],
  ['communication', '沟通告知'],
  ['process', '服务流程'],
  ['waiting', '等候时间'],
  ['fees', '收费'],
  ['quality', '医疗质量'],
  ['safety', '医疗安全'],
  ['environment', '环境设施'],
  ['privacy', '隐私保护'],
  ['other', '其他'],
  ['integrity', '行业作风'],
] as const

export async function prepareCategories(ctx: Context): Promise<void> {
  await db(ctx)
    .insertInto('feedback.categories')
    .values(presets.map(([key, name], position) => ({ id: newId(), key, name, position })))
    .onConflict((c) => c.constraint('categories_key').doNothing())
    .execute()
}

export async function listCategories(
  ctx: Context,
  { withInactive }: Partial<Input<Api['categories']>> = {},
): Promise<{ rows: Category[] }> {
  let query = db(ctx)
    .selectFrom('feedback.categories')
    .select(['id', 'key', 'name', 'position', 'isActive'])
    .orderBy('position')
    .orderBy('id')
    .limit(200)
  if (!withInactive) query = query.where('isActive', '=', true)
  return { rows: await query.execute() }
}

export function saveCategory(ctx: Context, { id, ...fields }: Input<Api['saveCategory']>): Promise<Category> {
  return db(ctx)
    .insertInto('feedback.categories')
    .values({ id, key: id, ...fields })
    .onConflict((c) => c.constraint('categories_pkey').doUpdateSet(fields))
    .returning(['id', 'key', 'name', 'position', 'isActive'])
    .executeTakeFirstOrThrow()
}
