import type { Step, StepState } from '../../checklist-contract.ts'
import type { HealthCheck, HealthItem } from '../../health-contract.ts'

/** What the steps are judged by. */
export type Standing = {
  departments: number
  people: number
  /** Accounts that may sign in and have a role. */
  accounts: number
  /** Of the three offices that are kept apart: how many somebody holds. */
  offices: number
  /** The year from whose calendar the next weeks are reckoned is in it. */
  hasHolidays: boolean
  hasPatients: boolean
  questionnaires: number
  programmes: number
  hasFollowup: boolean
  /** Doors through which something has come at least once. */
  doors: number
  checks: readonly HealthCheck[]
  backup: { mode: 'on' | 'off' | 'outside'; isOnSameDisk: boolean; hasGood: boolean; hasDrill: boolean }
}

export type Judged = { step: Step; state: StepState; count: number | null; check: HealthCheck | null }

/** Items of the health page without which nobody begins. What is amber there passes by itself or can wait. */
const machine: readonly HealthItem[] = ['database', 'disk', 'audit', 'jobs', 'queue', 'processes', 'clock', 'memory']

/** Which items of the health page are tried when a step is. */
export const triedBy: Readonly<Partial<Record<Step, readonly HealthItem[]>>> = {
  machine,
  network: ['certificate'],
  backup: ['backup'],
  doors: ['doors'],
}

/** From what is in the house to what is done. */
export function judgeSteps(s: Standing): Judged[] {
  const counted = (step: Step, count: number, enough = 1): Judged => ({
    step,
    state: count >= enough ? 'done' : 'open',
    count,
    check: null,
  })
  const had = (step: Step, isThere: boolean): Judged => ({ step, state: isThere ? 'done' : 'open', count: null, check: null })
  const checkOf = (item: HealthItem) => s.checks.find((c) => c.item === item) ?? null
  const red = s.checks.find((c) => machine.includes(c.item) && c.state === 'bad') ?? null
  const door = checkOf('doors')
  const certificate = checkOf('certificate')
  const backup = checkOf('backup')
  const isOutside = s.backup.mode === 'outside' // whoever runs the database answers for it; nothing here can see it
  const isKept = isOutside || (s.backup.hasGood && !s.backup.isOnSameDisk && backup?.state === 'good')
  return [
    counted('units', s.departments),
    counted('people', s.people),
    counted('accounts', s.accounts, 2), // the founder's own is the first
    counted('offices', s.offices, 3),
    had('holidays', s.hasHolidays),
    { step: 'machine', state: red ? 'warning' : 'done', count: null, check: red },
    { step: 'network', state: certificate?.state === 'good' ? 'done' : 'warning', count: null, check: certificate },
    { step: 'backup', state: isKept ? 'done' : backup?.state === 'bad' ? 'warning' : 'open', count: null, check: backup },
    had('drill', isOutside || s.backup.hasDrill),
    { step: 'doors', state: s.doors === 0 ? 'open' : door?.state === 'bad' ? 'warning' : 'done', count: s.doors, check: door },
    had('patients', s.hasPatients),
    counted('questionnaires', s.questionnaires),
    counted('programmes', s.programmes),
    had('firstFollowup', s.hasFollowup),
  ]
}
