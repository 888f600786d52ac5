import { type Context, openText, sealText } from '@renxin/server'
import type { FollowupsAs, Way } from '../../write-back-contract.ts'
import type { About, Content, Head } from './contents.ts'
import { fhirRequest } from './fhir.ts'
import { hl7Message } from './hl7.ts'
import { tableLine } from './table-line.ts'

type Ways = { way: Way; followupsAs: FollowupsAs; identifierSystem: string }

/** What a destination is told, in its own way, as text. */
export function bodyFor(destination: Ways, head: Head, about: About, content: Content): string {
  switch (destination.way) {
    case 'hl7':
      return hl7Message(head, about, content, destination.followupsAs)
    case 'fhir':
      return JSON.stringify(fhirRequest(head.controlId, about, content, destination))
    case 'table':
      return JSON.stringify(tableLine(about, content))
  }
}

type Kept = { body: Buffer | null; message: string | null }

export const sealLine = (ctx: Pick<Context, 'keys'>, text: string): Buffer => sealText(ctx, text)

/** The text of a line, `null` once it was cleared away. Lines of an older version stand open until the clearing comes by and seals them. */
export const openLine = (ctx: Pick<Context, 'keys'>, { body, message }: Kept): string | null => (body ? openText(ctx, body) : message)
