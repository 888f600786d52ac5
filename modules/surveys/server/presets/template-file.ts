import { z } from 'zod'
import { type Definition, fhirUrls } from '../../contract.ts'
import { analysis, emergencyWords } from './build.ts'

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
/** Code of an option, and what it says. */
const options = z.record(id, z.string().min(1))
const common = {
  id,
  ask: z.string().min(1).max(200),
  /** Asked only after one of these answers to an earlier question; `true`: after a yes. */
  when: z.record(id, z.union([z.array(id).min(1), z.literal(true)])).optional(),
  optional: z.literal(true).optional(),
}
const Question = z.union([
  z.strictObject({ ...common, one: options }),
  z.strictObject({ ...common, many: options, alone: id.optional() }), // `alone`: the option that stands for none of the others
  z.strictObject({ ...common, yesNo: z.literal(true) }),
  z.strictObject({ ...common, number: z.strictObject({ unit: z.string(), whole: z.boolean() }) }),
  z.strictObject({ ...common, text: z.literal(true) }),
  z.strictObject({ ...common, day: z.literal(true) }),
])
type Question = z.infer<typeof Question>

export const Parts = z.record(id, z.array(Question).min(1))
/** Questions that many templates ask alike, so that their answers can be laid side by side. */
export type Parts = z.infer<typeof Parts>

const Basis = z.strictObject({
  title: z.string().min(1),
  issuer: z.string().min(1),
  year: z.int().min(1990).max(2100),
  part: z.string().min(1), // of what in it the questions are taken from
  url: z.url({ protocol: /^https$/ }).optional(),
})

const Analysis = z.strictObject({
  name: z.string().min(1).max(60),
  kind: z.enum(['distribution', 'mean', 'cross']),
  item: id,
  by: z.union([z.enum(['department', 'ward', 'sex', 'ageBand']), z.string().regex(/^question:[a-z0-9-]+$/)]).optional(),
})

/** A disease template as it lies in `diseases/`. */
export const TemplateFile = z.strictObject({
  key: id,
  /** Counted up when what is asked changes: hospitals that took an earlier one are told. */
  edition: z.int().min(1),
  title: z.tuple([z.string().min(1), z.string().min(1)]),
  specialty: z.string().min(1),
  about: z.string().min(1),
  /** The public documents from which what is asked was taken; the words are ours. */
  sources: z.array(Basis).min(1),
  /** What the hospital's records fill in: the path of a source, and what the item is called. */
  records: z.record(z.string(), z.string().min(1)),
  sections: z.array(
    z.strictObject({ title: z.string().min(1), questions: z.array(z.union([Question, z.strictObject({ part: id })])).min(1) }),
  ),
  analyses: z.array(Analysis).min(1),
})
export type TemplateFile = z.infer<typeof TemplateFile>

/** What comes of a source, by its path: the type of the item that it fills. */
const typeOfSource = (path: string): string => {
  if (/At$/.test(path)) return 'dateTime'
  if (/On$/.test(path)) return 'date'
  if (/^(patient\.age|encounter\.lengthOfStayDays)$/.test(path)) return 'decimal'
  return /^(order|report)\./.test(path) ? 'text' : 'string'
}

/** The template as a FHIR R4 Questionnaire: what the records fill in first, then the questions, and how it is analysed. */
export function definitionOf(file: TemplateFile, parts: Parts): Definition {
  const { key, edition, title, about, sources, records, sections, analyses } = file
  const filled = Object.entries(records).map(([path, text]) => ({
    linkId: `record-${path.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase()}`,
    type: typeOfSource(path),
    text,
    extension: [{ url: fhirUrls.source, valueString: path }],
  }))
  const isHeard = sections.some((s) => s.questions.some((q) => 'part' in q && q.part === 'remarks'))
  const emergencies = isHeard ? [emergencyWords('remarks')] : [] // whatever the disease, such words are heard
  return {
    resourceType: 'Questionnaire',
    url: `${fhirUrls.canonical}${key}`,
    language: 'zh-CN',
    title: title[0],
    _title: { extension: [{ url: fhirUrls.translation, extension: [{ url: 'lang', valueCode: 'en' }, { url: 'content', valueString: title[1] }] }] },
    description: about,
    status: 'active',
    subjectType: ['Patient'],
    extension: [{ url: fhirUrls.edition, valueInteger: edition }, ...sources.map(basisOf), ...analyses.map(({ name, kind, item, by }) => analysis(name, kind, item, by)), ...emergencies],
    item: [
      { linkId: 'records', type: 'group', text: '病历信息', item: filled },
      ...sections.map((section, at) => ({
        linkId: `section-${at + 1}`,
        type: 'group',
        text: section.title,
        item: section.questions.flatMap((q) => ('part' in q ? (parts[q.part] ?? unknownPart(key, q.part)) : [q])).map(itemOf),
      })),
    ],
  } // biome-ignore format: a resource
}

function unknownPart(key: string, part: string): never {
  throw new Error(`the template ${key} names the part ${part}, which is not there`)
}

const text = (url: string, valueString: string) => ({ url, valueString })

const basisOf = ({ title, issuer, year, part, url }: TemplateFile['sources'][number]) => ({
  url: fhirUrls.basis,
  extension: [
    text('title', title),
    text('issuer', issuer),
    { url: 'year', valueInteger: year },
    text('part', part),
    ...(url ? [{ url: 'link', valueUri: url }] : []),
  ],
})

function itemOf(q: Question) {
  const conditions = Object.entries(q.when ?? {}).flatMap(([question, answers]): object[] =>
    answers === true
      ? [{ question, operator: '=', answerBoolean: true }]
      : answers.map((code) => ({ question, operator: '=', answerCoding: { code } })),
  )
  return {
    linkId: q.id,
    ...shapeOf(q),
    code: [{ code: q.id }],
    text: q.ask,
    ...(conditions.length > 0 ? { enableWhen: conditions } : {}),
    ...(conditions.length > 1 ? { enableBehavior: 'any' } : {}),
  }
}

function shapeOf(q: Question) {
  const required = q.optional ? {} : { required: true }
  if ('one' in q) return { type: 'choice', ...required, answerOption: optionsOf(q.one) }
  if ('many' in q) return { type: 'choice', repeats: true, ...(q.alone ? required : {}), answerOption: optionsOf(q.many, q.alone) }
  if ('yesNo' in q) return { type: 'boolean', ...required }
  if ('number' in q)
    return {
      type: q.number.whole ? 'integer' : 'decimal',
      ...required,
      extension: [
        { url: fhirUrls.minValue, ...(q.number.whole ? { valueInteger: 0 } : { valueDecimal: 0 }) },
        { url: fhirUrls.unit, valueCoding: { display: q.number.unit } },
      ],
    }
  if ('day' in q) return { type: 'date', ...required }
  return { type: 'text', maxLength: 500 }
}

const optionsOf = (said: Readonly<Record<string, string>>, alone?: string) =>
  Object.entries(said).map(([code, display]) => ({
    ...(code === alone ? { extension: [{ url: fhirUrls.exclusive, valueBoolean: true }] } : {}),
    valueCoding: { code, display },
  }))
