import { contract, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'
import { BackupFault } from './backup-faults.ts'
import { HealthCheck } from './health-contract.ts'

/** What a hospital does before its first day with the system, in this order. */
export const steps = [
  'units',
  'people',
  'accounts',
  'offices',
  'holidays',
  'machine',
  'network',
  'backup',
  'drill',
  'doors',
  'patients',
  'questionnaires',
  'programmes',
  'firstFollowup',
] as const
export const Step = z.enum(steps)
export type Step = z.infer<typeof Step>

/** `warning`: there is something, and it does not work. */
export const StepState = z.enum(['done', 'open', 'warning'])
export type StepState = z.infer<typeof StepState>

const StepTry = z.object({ at: moment, byName: z.string(), ok: z.boolean(), what: z.string(), fault: BackupFault.nullable() })

/** How a step stands, by what is in the house; nobody ticks it off. */
export const ChecklistStep = z.object({
  step: Step,
  state: StepState,
  /** How many there are, where the step counts. */
  count: z.int().nullable(),
  /** What the health page finds, where the step rests on it: the worst of it. */
  check: HealthCheck.nullable(),
  lastTry: StepTry.nullable(),
})
export type ChecklistStep = z.infer<typeof ChecklistStep>

export const checklistApi = contract('setup', {
  checklist: get('/checklist', { may: 'setup.health', reply: z.object({ steps: z.array(ChecklistStep), isDone: z.boolean() }) }),
  /** Tries a step: what rests on the machine for real, the rest by looking again. What came of it is kept. */
  tryStep: post('/checklist/try', { may: 'setup.health', input: z.object({ step: Step }), reply: ChecklistStep }),
})
