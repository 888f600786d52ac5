import { badParameter } from '@renxin/fhir'
import { blindIndex, type Context } from '@renxin/server'

/** Where a page ended: the keys of its order, and the id. */
export type Cursor = { keys: string[]; id: string }

const signed = (ctx: Context, about: string, body: string) =>
  blindIndex(ctx, 'integration.fhirCursor', `${about}\n${body}`).toString('base64url')

/** A cursor as it stands in a link, with a signature, so that only a place that we named is taken. */
export function writeCursor(ctx: Context, about: string, cursor: Cursor): string {
  const body = Buffer.from(JSON.stringify([cursor.id, ...cursor.keys])).toString('base64url')
  return `${body}.${signed(ctx, about, body)}`
}

export function readCursor(ctx: Context, about: string, text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  const [body = '', signature] = text.split('.')
  if (signature !== signed(ctx, about, body)) throw badParameter('_cursor', 'foreign')
  const [id = '', ...keys] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as string[] // we wrote and signed it
  return { id, keys }
}
