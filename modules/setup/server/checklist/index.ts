import { holdersOf } from '@renxin/access'
import { countActiveProgrammes } from '@renxin/followups'
import { addDays } from '@renxin/kernel'
import { type Context, serve, sql } from '@renxin/server'
import { loadCalendar } from '@renxin/staff'
import { type ChecklistStep, checklistApi, type Step } from '../../checklist-contract.ts'
import type { Backups, Tried } from '../../contract.ts'
import { gatherFacts, type Machine } from '../health/facts.ts'
import { judgeHealth } from '../health/rules.ts'
import { tryItem } from '../health/tries.ts'
import { db } from '../tables.ts'
import { type Judged, judgeSteps, type Standing, triedBy } from './rules.ts'

type Street = { machine: Machine; backups: () => Promise<Backups> }

/** The set-up checklist: each step as it stands, worked out anew whenever somebody looks. */
export const checklistRoutes = (street: Street) =>
  serve(checklistApi, {
    checklist: async (ctx) => {
      const steps = await withTries(ctx, judgeSteps(await gather(ctx, street)))
      return { steps, isDone: steps.every((s) => s.state === 'done') }
    },
    tryStep: async (ctx, { step }) => {
      const at = ctx.clock.now()
      const tried = await tryMachine(ctx, street, step)
      const judged = judgeSteps(await gather(ctx, street))
      const { ok, what, fault } = tried ?? lookedAt(one(judged, step))
      const kept = { at, byName: ctx.actor.name, ok, what: what.slice(0, 500), fault }
      await db(ctx)
        .insertInto('setup.tries')
        .values({ step, ...kept })
        .onConflict((c) => c.constraint('tries_pkey').doUpdateSet(kept))
        .execute()
      return one(await withTries(ctx, judged), step)
    },
  })

async function withTries(ctx: Context, judged: readonly Judged[]): Promise<ChecklistStep[]> {
  const tries = new Map((await db(ctx).selectFrom('setup.tries').selectAll().execute()).map((t) => [t.step, t]))
  return judged.map((j) => {
    const last = tries.get(j.step)
    const state = last?.ok === false && j.state === 'done' ? 'warning' : j.state // what failed when it was tried has to be tried again
    const lastTry = last && { at: last.at.toISOString(), byName: last.byName, ok: last.ok, what: last.what, fault: last.fault }
    return { ...j, state, lastTry: lastTry ?? null }
  })
}

function one<T extends { step: Step }>(steps: readonly T[], step: Step): T {
  const found = steps.find((s) => s.step === step)
  if (!found) throw new Error(`the checklist has no step ${step}`)
  return found
}

type Outcome = Pick<Tried, 'ok' | 'what' | 'fault'>

/** What rests on the machine is tried for real, one item after the other, until one fails. */
async function tryMachine(ctx: Context, { machine }: Street, step: Step): Promise<Outcome | undefined> {
  const said: string[] = []
  for (const item of triedBy[step] ?? []) {
    const tried = await tryItem(ctx, machine, item)
    if (!tried.ok) return tried
    said.push(tried.what)
  }
  return said.length > 0 ? { ok: true, what: said.join(' · '), fault: null } : undefined
}

/** The rest is looked at again. */
const lookedAt = ({ state, count }: Judged): Outcome => ({ ok: state === 'done', what: count === null ? '' : String(count), fault: null })

type Counted = { departments: number; people: number; hasPatients: boolean; questionnaires: number; hasFollowup: boolean }

/** Nothing is named and no patient is looked at: only whether there are any. */
async function gather(ctx: Context, { machine, backups }: Street): Promise<Standing> {
  const { rows } = await sql<Counted>`
    select (select count(*)::int from staff.unit_cards where is_active and kind = 'department') as departments,
      (select count(*)::int from staff.person_cards where is_active) as people,
      exists (select from patients.cards) as has_patients,
      (select count(*)::int from surveys.questionnaire_cards where status = 'active') as questionnaires,
      exists (select from followups.attempt_rows where outcome in ('reached', 'relativeAnswered')) as has_followup`.execute(ctx.db)
  const counted = rows[0] ?? { departments: 0, people: 0, hasPatients: false, questionnaires: 0, hasFollowup: false }
  const { announcedYears } = await loadCalendar(ctx)
  const soon = addDays(ctx.clock.today(), 30)
  const facts = await gatherFacts(ctx, machine, backups)
  const { mode, isOnSameDisk, lastGoodAt, goodDrill } = facts.backups
  const { accounts, offices } = await holdersOf(ctx, ['systemAdministrator', 'securityAdministrator', 'auditor'])
  return {
    ...counted,
    accounts,
    offices,
    hasHolidays: announcedYears.has(Number(soon.slice(0, 4))),
    programmes: await countActiveProgrammes(ctx),
    doors: facts.doors.filter((d) => d.state !== 'off' && d.state !== 'never').length,
    checks: judgeHealth(facts),
    backup: { mode, isOnSameDisk, hasGood: lastGoodAt !== null, hasDrill: goodDrill !== null },
  }
}
