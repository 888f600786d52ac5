import { Message, Segment } from '@renxin/hl7'

/** A segment that remembers which of its fields somebody asked for. */
class WatchedSegment extends Segment {
  readonly asked = new Set<number>()

  override raw(field: number): string {
    this.asked.add(field)
    return super.raw(field)
  }
}

export type Watched = {
  message: Message
  /** Of the segment at a place whether a field of it has been asked for, now that the message was translated. */
  isRead: (segment: number, field: number) => boolean
}

/** The same message, of which can be told afterwards what a translation did not look at. */
export function watch(message: Message): Watched {
  const segments = message.segments.map((s) => new WatchedSegment(s.text, s.delimiters))
  return {
    message: new Message(segments, message.delimiters),
    isRead: (segment, field) => segments[segment]?.asked.has(field) ?? false,
  }
}
