import { type Context, sql } from '@renxin/server'

/**
 * Whether a response is of somebody whom the reader may see. An answer names no patient, its response does: the words of somebody who is not there for the reader are
 * neither shown nor counted.
 */
export const isOfSeen = (ctx: Context, questionnaireId: string, responseId: string) =>
  ctx.isVeiled
    ? sql<boolean>`${sql.ref(responseId)} not in (select surveys.unseen_responses(${questionnaireId}::uuid))`
    : sql<boolean>`true`
