import { z } from 'zod'
import { type About, answerText, type Content, type Earlier } from './contents.ts'

/** One line of the table that a hospital's system reads, as it is kept. `content` says all of it once more, for whoever reads JSON. */
export const TableLine = z.object({
  kind: z.enum(['followup', 'complaint', 'phone', 'flag']),
  happenedAt: z.iso.datetime(),
  medicalRecordNumber: z.string().nullable(),
  visitNumber: z.string().nullable(),
  code: z.string(),
  title: z.string(),
  result: z.string(),
  writtenBy: z.string(),
  content: z.record(z.string(), z.unknown()),
})
export type TableLine = z.infer<typeof TableLine>

/** `replaces` is the id of the line that does not hold any more. */
export function tableLine(about: About, content: Content, earlier: Earlier | null): TableLine {
  const whole = {
    kind: content.kind,
    happenedAt: content.at.toISOString(),
    medicalRecordNumber: about.medicalRecordNumber,
    visitNumber: about.visit?.number ?? null,
    content: { ...content, at: content.at.toISOString(), ...(earlier && { replaces: earlier.lastId }) },
  }
  switch (content.kind) {
    case 'followup': {
      const said = content.answers.map((a) => `${a.question}：${answerText(a)}`)
      return {
        ...whole,
        code: 'FOLLOWUP',
        title: content.programme,
        result: [content.outcome, ...said].join('\n'),
        writtenBy: content.by,
      }
    }
    case 'complaint':
      return { ...whole, code: 'COMPLAINT', title: content.number, result: `${content.subject}\n${content.resolution}`, writtenBy: '' }
    case 'phone':
      return {
        ...whole,
        code: 'PHONE',
        title: content.relation,
        result: content.numbers.map((n) => n.number).join(' '),
        writtenBy: content.by,
      }
    case 'flag':
      return { ...whole, code: content.code, title: content.name, result: content.isOn ? 'Y' : 'N', writtenBy: '' }
  }
}
