import { type Context, openText, sealText } from '@renxin/server'
import type { FollowupsAs, Way } from '../../write-back-contract.ts'
import type { About, Content, Earlier, Head } from './contents.ts'
import { fhirRequest } from './fhir.ts'
import { hl7Message } from './hl7.ts'
import { tableLine } from './table-line.ts'

type Ways = { way: Way; followupsAs: FollowupsAs; identifierSystem: string }

/** What a destination is told, in its own way, as text. `earlier`: what it was told of the same before, which this replaces. */
export function bodyFor(destination: Ways, head: Head, about: About, content: Content, earlier: Earlier | null): string {
  switch (destination.way) {
    case 'hl7':
      return hl7Message(head, about, content, { followupsAs: destination.followupsAs, earlier })
    case 'fhir':
      return JSON.stringify(fhirRequest(head.controlId, about, content, { ...destination, earlier }))
    case 'table':
      return JSON.stringify(tableLine(about, content, earlier))
  }
}

type Kept = { body: Buffer | null; message: string | null }

export const sealLine = (ctx: Pick<Context, 'keys'>, text: string): Buffer => sealText(ctx, text)

/** The text of a line, `null` once it was cleared away. Lines of an older version stand open until the clearing comes by and seals them. */
export const openLine = (ctx: Pick<Context, 'keys'>, { body, message }: Kept): string | null => (body ? openText(ctx, body) : message)
