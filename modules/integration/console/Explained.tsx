import { Column, language, Row, SourceText, Stack, Table, Tag } from '@renxin/ui'
import type { ExplainedSegment, MappingProblem, Note } from '../contract.ts'
import { words } from '../words.ts'
import { useOwnFields } from './own-fields.ts'
import { fieldWord } from './phrases.tsx'

type Line = { id: string; path: string; label: string; value: string; isPart: boolean; isUnread?: boolean | undefined }
type Named = ExplainedSegment['label']

const nameOf = (label: Named): string => (label ? label[language()] : '')

type ExplainedProps = {
  segments: readonly ExplainedSegment[]
  /** By path, what is read there: the first segment of a name is the one that is read. */
  marks?: ReadonlyMap<string, string>
}

/** Segment by segment, each field with its name and its components. */
export function Explained({ segments, marks }: ExplainedProps) {
  const markOf = (at: number, path: string) =>
    segments.findIndex((s) => s.name === segments[at]?.name) === at ? marks?.get(path) : undefined
  const unread = [...new Set(segments.flatMap((s) => s.fields.filter((f) => f.isUnread).map((f) => f.path.replace(/\[\d+\]$/, ''))))]
  return (
    <Stack gap={12}>
      {unread.length > 0 && <p className="rx-note">{words.unreadFields({ fields: unread.join(' ') })}</p>}
      {segments.map((segment, at) => (
        <section key={`${at} ${segment.name}`} aria-label={segment.name}>
          <h3>
            {segment.name} {nameOf(segment.label)}
          </h3>
          <Table
            of={linesOf(segment)}
            label={`${segment.name} ${nameOf(segment.label)}`}
            plain
            rowTone={(l) => (markOf(at, l.path) ? 'info' : undefined)}
          >
            <Column name={words.field} show={(l: Line) => <code>{l.path}</code>} width={120} />
            <Column name={words.meaning} show={(l: Line) => (l.isPart ? `　${l.label}` : l.label)} width={180} />
            <Column
              name={words.value}
              show={(l: Line) => {
                const mark = markOf(at, l.path)
                return mark ? (
                  <Row gap={4}>
                    {l.value} <Tag tone="info">{mark}</Tag>
                  </Row>
                ) : (
                  <>
                    {l.value} {l.isUnread && <small className="rx-note">{words.unreadField}</small>}
                  </>
                )
              }}
            />
          </Table>
        </section>
      ))}
    </Stack>
  )
}

const linesOf = (segment: ExplainedSegment): Line[] =>
  segment.fields.flatMap((f) => [
    { id: f.path, path: f.path, label: nameOf(f.label), value: f.value, isPart: false, isUnread: f.isUnread },
    ...f.parts.map((p) => ({ id: p.path, path: p.path, label: nameOf(p.label), value: p.value, isPart: true })),
  ])

/** The text as it came, and beside it as somebody put it right. */
export function Texts({ text, mended }: { text: string; mended?: string | null }) {
  return (
    <Stack gap={12}>
      <SourceText label={words.raw}>{text}</SourceText>
      {mended && (
        <>
          <strong>{words.asMended}</strong>
          <SourceText label={words.asMended}>{mended}</SourceText>
        </>
      )}
    </Stack>
  )
}

/** What was not understood in a message that was applied all the same. */
export function Notes({ of: notes }: { of: readonly Note[] }) {
  const own = useOwnFields()
  return (
    <ul className="rx-plain-list">
      {notes.map((n, at) => (
        <li key={`${at} ${n.field}`}>
          {n.code === 'badBirth' ? words.notes.badBirth : words.notes[n.code]({ value: n.value, field: fieldWord(n.field, own) })}
        </li>
      ))}
    </ul>
  )
}

/** The sentence for a mistake in a mapping. */
export function problemText({ code, entry, text, allowed = '' }: MappingProblem): string {
  switch (code) {
    case 'noPath':
      return words.problems.noPath({ entry, text })
    case 'badMeaning':
      return words.problems.badMeaning({ entry, text, allowed: allowed || '—' })
    default:
      return words.problems[code]({ entry })
  }
}
