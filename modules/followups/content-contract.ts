import { contract, defineErrors, get, localDate, moment, put } from '@renxin/kernel'
import { AnswersShape, Definition } from '@renxin/surveys/contract'
import { z } from 'zod'

const inOrder = { error: 'the last day lies before the first' }

/** A small questionnaire for the patients of a group, asked in whichever call comes. */
const ExtraBody = z
  .object({
    name: z.string().trim().min(1).max(60),
    groupId: z.uuid(),
    questionnaireId: z.uuid(),
    fromOn: localDate,
    untilOn: localDate.nullable().default(null), // null: until further notice
  })
  .refine((e) => e.untilOn === null || e.untilOn >= e.fromOn, { ...inOrder, path: ['untilOn'] })
export const Extra = z.object({
  id: z.uuid(),
  ...ExtraBody.shape,
  untilOn: localDate.nullable(),
  groupName: z.string(),
  questionnaireTitle: z.string(),
})
export type Extra = z.infer<typeof Extra>

/** A department's news, told in its calls between two days. */
const NewsBody = z
  .object({
    departmentId: z.uuid().nullable(), // null: in every department's calls
    title: z.string().trim().min(1).max(60),
    text: z.string().trim().min(1).max(500),
    fromOn: localDate,
    untilOn: localDate,
  })
  .refine((n) => n.untilOn >= n.fromOn, { ...inOrder, path: ['untilOn'] })
export const News = z.object({
  id: z.uuid(),
  ...NewsBody.shape,
  departmentName: z.string().nullable(),
  writtenByName: z.string(),
  writtenAt: moment,
  told: z.int(), // in how many calls
})
export type News = z.infer<typeof News>

/** What the nurse answered to an extra in a call. */
export const ExtraAnswers = z.object({
  extraId: z.uuid(),
  id: z.uuid(), // of the response, made by whoever took the answers
  versionId: z.uuid(),
  answers: AnswersShape,
  told: z.array(z.string().max(200)).max(100).default([]), // the red flags of which the patient was told what to do
})
export type ExtraAnswers = z.infer<typeof ExtraAnswers>

const TaskContent = z.object({
  patientId: z.uuid(),
  extras: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      versionId: z.uuid(),
      definition: Definition,
      responseId: z.uuid().nullable(), // what was answered in this call
    }),
  ),
  news: z.array(z.object({ id: z.uuid(), title: z.string(), text: z.string(), isTold: z.boolean() })),
})
export type TaskContent = z.infer<typeof TaskContent>

export const contentApi = contract('followups', {
  taskContent: get('/tasks/:id/content', {
    may: 'followups.read',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: TaskContent,
  }),
  extras: get('/extras', {
    may: 'followups.programmes',
    reply: z.object({
      rows: z.array(Extra),
      groups: z.array(z.object({ id: z.uuid(), kind: z.enum(['tag', 'segment']), name: z.string() })), // among which a hospital chooses
    }),
  }),
  saveExtra: put('/extras/:id', {
    may: 'followups.programmes',
    input: z.object({ id: z.uuid(), body: ExtraBody }),
    reply: z.object({ id: z.uuid() }),
  }),
  news: get('/news', { may: 'followups.programmes', reply: z.object({ rows: z.array(News) }) }),
  saveNews: put('/news/:id', {
    may: 'followups.programmes',
    input: z.object({ id: z.uuid(), body: NewsBody }),
    reply: z.object({ id: z.uuid() }),
  }),
})

export const contentErrors = defineErrors('followups', {
  extraQuestionnaireUnknown: 'invalid',
  extraGroupUnknown: 'invalid',
  extraNotAsked: 'invalid', // the patient is not in its group, or its days are over
  newsNotFound: 'not_found',
})
