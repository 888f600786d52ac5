import { contract, cursor, defineErrors, exportAsk, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { type Answers, AnswersShape, answersTo, Definition, isQuestion, readForm, type Value } from '@renxin/surveys/contract'
import { z } from 'zod'
import { taskChannels } from './programmes-contract.ts'
import { Drawn } from './supervision-contract.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const note = z.string().trim().max(500).default('')

/** What the centre checks: level 1 is what departments do, level 2 what their supervisors do. */
export const checkedLevels = ['department', 'supervisor'] as const
export type CheckedLevel = (typeof checkedLevels)[number]
/** Whether the call that is on record took place, as the patient tells it. `none`: no call is on record. */
export const callFindings = ['confirmed', 'untrue', 'unclear', 'none'] as const
/** Whether what is on record as answered is what the patient says now. `none`: no answers are on record. */
export const answerFindings = ['agree', 'differ', 'unclear', 'none'] as const
/** What is on record of a level's call: nothing, tries, a conversation that was too short, that nobody measured, or that was long enough. */
const recordedCalls = ['none', 'tried', 'short', 'unmeasured', 'talked'] as const

const finding = { call: z.enum(callFindings), answers: z.enum(answerFindings) }

export const Check = z.object({
  ...finding,
  note: z.string(),
  revision: z.int(),
  checkedAt: moment,
  checkedByName: z.string(),
})
export type Check = z.infer<typeof Check>

/** One who was drawn for the centre, with what the lower levels did. */
export const Sampled = Drawn.extend({
  reachedAt: moment.nullable(), // by the centre
  levels: z.array(z.object({ level: z.enum(checkedLevels), recorded: z.enum(recordedCalls), check: z.object(finding).nullable() })),
})
export type Sampled = z.infer<typeof Sampled>

const Talk = z.object({ at: moment, byName: z.string(), seconds: z.int().nullable(), isShort: z.boolean() })

/** What one of the two lower levels did for this patient, and what the centre found of it. */
export const CheckedWork = z.object({
  level: z.enum(checkedLevels),
  recorded: z.enum(recordedCalls),
  tries: z.array(
    z.object({
      id: z.uuid(),
      at: moment,
      byName: z.string(),
      channel: z.enum(taskChannels),
      outcome: z.string(),
      seconds: z.int().nullable(), // null: it was not dialled here, and nobody measured it
      note: z.string(),
    }),
  ),
  talk: Talk.nullable(), // the longest
  urges: z.array(z.object({ at: moment, byName: z.string(), toName: z.string().nullable() })), // of level 2
  spottedOn: localDate.nullable(), // drawn for the supervisor's own spot check, of a round until this day
  /** What was answered in that call; `now`: to the centre, where it asked the same questionnaire. */
  said: z.object({ title: z.string(), definition: Definition, answers: AnswersShape, now: AnswersShape.nullable() }).nullable(),
  check: Check.nullable(),
  isCorrectedSince: z.boolean(), // the answers were put right after they were checked
  earlier: z.array(Check), // what it said before it was changed, the latest first
})
export type CheckedWork = z.infer<typeof CheckedWork>

export const CheckFile = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  departmentName: z.string(),
  dischargedOn: localDate,
  leastSeconds: z.int(),
  centre: z.object({
    taskId: z.uuid().nullable(),
    reachedAt: moment.nullable(),
    byName: z.string().nullable(),
    isAsking: z.boolean(), // reached, or being talked to just now: what he says can be heard
  }),
  levels: z.array(CheckedWork),
})
export type CheckFile = z.infer<typeof CheckFile>

const Share = z.object({ count: z.int(), n: z.int(), low: z.number(), high: z.number() })

/** What the centre found in a month, for one department or (`departmentId` null) the hospital. */
export const Figure = z.object({
  departmentId: z.uuid().nullable(),
  departmentName: z.string().nullable(),
  level: z.enum(checkedLevels),
  drawn: z.int(),
  reached: z.int(), // by the centre
  checked: z.int(),
  confirmed: z.int(),
  untrue: z.int(),
  unclear: z.int(),
  notCalled: z.int(), // no call is on record
  tooShort: z.int(),
  agree: z.int(),
  differ: z.int(),
  notCompared: z.int(),
  truth: Share, // confirmed, of confirmed and untrue
  agreement: Share, // agree, of agree and differ
})
export type Figure = z.infer<typeof Figure>
export const counted = [
  'drawn',
  'reached',
  'checked',
  'confirmed',
  'untrue',
  'unclear',
  'notCalled',
  'tooShort',
  'agree',
  'differ',
  'notCompared',
] as const satisfies readonly (keyof Figure)[]

export const Publication = z.object({ version: z.int(), publishedAt: moment, publishedByName: z.string(), note: z.string() })
export type Publication = z.infer<typeof Publication>

/** The last published results: of the departments that one answers for, or of the hospital. */
export const PublishedNews = Publication.extend({
  month,
  isSeen: z.boolean(), // by who asks; whoever answers for no department of it need not look
  figures: z.array(Figure),
})
export type PublishedNews = z.infer<typeof PublishedNews>

/** A count that is another than in the version before. */
export const Change = z.object({
  departmentId: z.uuid(),
  departmentName: z.string(),
  level: z.enum(checkedLevels),
  count: z.enum(counted),
  before: z.int(),
  after: z.int(),
})
export type Change = z.infer<typeof Change>

const one = z.object({ id: z.uuid() })

export const checksApi = contract('followups', {
  checks: get('/checks', {
    may: 'followups.checks',
    about: 'patientId',
    input: z.object({ month, departmentId: z.uuid().optional(), show: z.enum(['all', 'open', 'wrong']).default('all'), ...cursor }),
    reply: page(Sampled),
  }),
  checkFile: get('/checks/:id', { may: 'followups.checks', about: 'patientId', input: one, reply: CheckFile }),
  saveCheck: put('/checks/:id', {
    may: 'followups.check',
    about: 'patientId',
    input: one.extend({ level: z.enum(checkedLevels), revision: z.int().min(0), ...finding, note }), // revision 0: there is none yet
    reply: CheckFile,
  }),
  levelResult: get('/level-results', {
    may: 'followups.checks',
    input: z.object({ month, version: z.coerce.number().int().min(1).optional() }), // without: the last
    reply: z.object({
      versions: z.array(Publication), // the last first
      shown: z.int().nullable(),
      rows: z.array(Figure), // of the version shown, the hospital first
      changes: z.array(Change), // since the version before it
      now: z.array(Figure).nullable(), // what publishing would say; for the centre alone
    }),
  }),
  /** It stands on every page until it was looked at, and on the page of how follow-up stands. */
  publishedNews: get('/level-results/news', { may: 'followups.checks', reply: z.object({ rows: z.array(PublishedNews) }) }),
  seeResult: post('/level-results/seen', {
    may: 'followups.checks',
    isQuiet: true,
    input: z.object({ month, version: z.int().min(1) }),
    reply: z.object({}),
  }),
  publishResult: post('/level-results', {
    may: 'followups.sample',
    input: z.object({ month, note }),
    reply: z.object({ version: z.int() }),
  }),
  exportResult: post('/level-results/export', {
    may: 'followups.checks',
    input: z.object({ month, version: z.int().min(1).optional(), ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
})

export const checkErrors = defineErrors('followups', {
  sampledNotFound: 'not_found',
  nothingOnRecord: 'invalid', // there is no call, or no answer, to find true or untrue
  findingNeeded: 'invalid', // there is one
  notAsked: 'conflict', // the centre has not reached the patient
  neverAgrees: 'invalid', // a call that never was, and answers that agree
  noteNeeded: 'invalid', // it was untrue, differs, or is found otherwise than the record looks
  checkChanged: 'conflict', // byName, at
  nothingToPublish: 'conflict',
  nothingNew: 'conflict', // version
  reasonNeeded: 'invalid', // of a second version
  publicationNotFound: 'not_found',
})

export type Compared = { linkId: string; said: readonly Value[]; now: readonly Value[]; isSame: boolean | null }

/** The questions that were answered both times, by their linkIds. Words of one's own are the same, or somebody must read them: null. */
export function compareAnswers(definition: unknown, said: Answers, now: Answers): Compared[] {
  return [...readForm(definition).byLinkId.values()].filter(isQuestion).flatMap(({ linkId, kind }): Compared[] => {
    const [before, after] = [answersTo(said, linkId), answersTo(now, linkId)]
    if (before.length === 0 || after.length === 0) return []
    const isSame = inOrder(before) === inOrder(after)
    const isFree = kind === 'string' || kind === 'text' || [...before, ...after].some((v) => typeof v === 'object')
    return [{ linkId, said: before, now: after, isSame: isSame || (isFree ? null : false) }]
  })
}

const inOrder = (values: readonly Value[]) =>
  values
    .map((v) => JSON.stringify(v))
    .sort()
    .join()
