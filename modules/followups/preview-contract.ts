import { contract, cursor, get, guarded, localDate, moment, page } from '@renxin/kernel'
import { z } from 'zod'
import { burdens, isStepInOrder, Rule, StepShape, textOf, triggers, visitClasses } from './programmes-contract.ts'

/** For whom a programme that is being written would be. */
export const Whom = z.object({
  /** The programme's own, by which a sample is drawn. */
  id: z.uuid(),
  trigger: z.enum(triggers),
  rule: Rule,
  samplePercent: z.int().min(1).max(100),
  /** The departments that have steps of their own, as they are written. */
  variants: z.array(z.array(z.uuid()).max(200)).max(20).default([]),
})
export type Whom = z.infer<typeof Whom>

/** A visit that the rule takes, and what of it the rule looks at. */
export const Taken = z.object({
  encounterId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  sex: z.enum(['male', 'female', 'unknown', 'other']),
  age: z.int().nullable(),
  class: z.enum(visitClasses),
  departmentName: z.string().nullable(),
  wardName: z.string().nullable(),
  anchorAt: moment,
  variant: z.int(), // 0 where it is followed up as everybody is
  stayDays: z.int().nullable(),
  ever: z.array(z.enum(burdens)),
  diagnosis: guarded('diagnosis', z.object({ code: z.string().nullable(), name: z.string() }).nullable()),
  range: guarded('diagnosis', z.string().nullable()), // which of the ranges of codes it lies in
})
export type Taken = z.infer<typeof Taken>

/** Of a step what says when it is. */
const StepTimes = StepShape.pick({ name: true, unit: true, fromOffset: true, byOffset: true, days: true, repeat: true, channel: true })
  .refine(isStepInOrder, { path: ['byOffset'] })
  .refine((s) => s.repeat === null || s.unit === 'days', { path: ['repeat'] })
export const Dates = z.object({ steps: z.array(StepTimes).min(1).max(20) })

export const Planned = z.object({
  name: z.string(),
  written: z.int(), // its place among the steps
  dueFrom: moment,
  dueBy: moment,
  movedDays: z.int(), // away from rest days and days without calls
})
export type Planned = z.infer<typeof Planned>

export const previewApi = contract('followups', {
  /** Of the last so many days: with the trigger, and of those by the rule; of yesterday by the rule, for everybody and for each variant. */
  preview: get('/programme-preview', {
    may: 'followups.programmes',
    input: z.object({ what: textOf(Whom) }),
    reply: z.object({ days: z.int(), all: z.int(), matching: z.int(), yesterday: z.array(z.int()) }),
  }),
  whom: get('/programme-whom', {
    may: 'followups.read',
    about: 'patientId',
    input: z.object({ what: textOf(Whom), from: localDate, to: localDate, ...cursor }), // days of the trigger, both inclusive
    reply: page(Taken),
  }),
  /** When a patient who is discharged (admitted, seen) at this moment would be called. */
  dates: get('/programme-dates', {
    may: 'followups.programmes',
    input: z.object({ what: textOf(Dates) }),
    reply: z.object({ rows: z.array(Planned) }),
  }),
})
