import { makeCells } from '@renxin/analytics'
import { drawDue, planProgramme, prepareFollowups } from '@renxin/followups'
import { addDays, momentAt, wallTime } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { fillAccounts } from './fill-accounts.ts'
import { fillByHand, fillCheckUps } from './fill-care.ts'
import { fillChecks } from './fill-checks.ts'
import { fillFeedback, fillOverdueComplaint } from './fill-feedback.ts'
import { fillFhir } from './fill-fhir.ts'
import { fillContent, fillFlag } from './fill-flags.ts'
import { fillForms } from './fill-forms.ts'
import { fillHis } from './fill-his.ts'
import { fillDestination, fillInterfaces } from './fill-interfaces.ts'
import { fillImport, fillMessages } from './fill-messages.ts'
import { DAYS, fillEncounters, fillPatients, settle } from './fill-people.ts'
import { fillOperations, fillRecords } from './fill-records.ts'
import { fillRevisits } from './fill-revisits.ts'
import { fillStudy } from './fill-study.ts'
import { fillVanished } from './fill-vanished.ts'
import { fillWork } from './fill-work.ts'
import type { HisDatabase } from './his.ts'
import { makeRandom, type Random } from './random.ts'

/** Half a year is planned and counted in one go: event by event it would take minutes. And it is not written back to a HIS that is not there. */
const DONE_AT_ONCE = ['followups', 'analytics', 'integration']

export type FillOptions = {
  patients: number
  /** The same seed and the same day make the same hospital. */
  seed?: number
  onProgress?: (share: number, what: string) => void
  /** Counts the tables anew for the query planner, as their owner may: without it the plans for what was just filled in are those for empty tables. */
  analyze?: () => Promise<unknown>
  /** The database of the hospital's own system, where there is one: its views are read, and it reads what is written back. */
  his?: HisDatabase | undefined
}

/** Fills a demo hospital that is empty: its units and people, half a year of patients, stays and visits, and what was done about them until today. */
export async function fillDemo(
  house: House,
  hospitalId: number,
  { patients, seed = 20_261_122, onProgress = () => {}, analyze = async () => {}, his }: FillOptions,
): Promise<void> {
  const now = house.now()
  const today = wallTime(now, 'Asia/Shanghai').slice(0, 10)
  const random = makeRandom(seed)
  const part = (from: number, to: number, what: string) => (share: number) => onProgress(from + (to - from) * Math.min(1, share), what)

  const accounts = await inHospital(house, hospitalId, async (ctx) => {
    await prepareFollowups(ctx, { activeFrom: momentAt('Asia/Shanghai', addDays(today, -DAYS)) })
    await askEveryThird(ctx)
    return fillAccounts(ctx)
  })
  const byWard = await fillPatients(house, hospitalId, random, patients, today, part(0, 0.2, '患者 patients'))
  await fillEncounters(house, hospitalId, random, byWard, now, today, part(0.2, 0.43, '就诊与住院 encounters'))
  await fillRecords(house, hospitalId, seed, part(0.43, 0.45, '检验与文书 results'))
  await fillOperations(house, hospitalId, seed)
  await fillCheckUps(house, hospitalId, seed)
  await fillRevisits(house, hospitalId, seed)
  await analyze()
  await settle(house, hospitalId, DONE_AT_ONCE, part(0.45, 0.5, '随访任务 follow-up tasks'))
  await planAll(house, hospitalId, part(0.5, 0.6, '随访任务 follow-up tasks'))
  await inHospital(house, hospitalId, (ctx) =>
    drawDue(ctx, { since: addDays(today, -DAYS).slice(0, 7), seeds: seedsFrom(makeRandom(seed)) }),
  )
  await analyze()
  await fillWork(house, hospitalId, random, accounts, now, part(0.6, 0.82, '随访与答卷 calls and answers'))
  await fillFeedback(house, hospitalId, random, now, part(0.82, 0.9, '意见与投诉 opinions and complaints'))
  await fillOverdueComplaint(house, hospitalId, random, now)
  await fillVanished(house, hospitalId, seed, accounts)
  await fillStudy(house, hospitalId, seed, accounts)
  await analyze()
  await settle(house, hospitalId, DONE_AT_ONCE, part(0.9, 0.95, '统计 figures'))
  await inHospital(house, hospitalId, makeCells)
  await inHospital(house, hospitalId, fillForms)
  await inHospital(house, hospitalId, fillInterfaces)
  onProgress(0.96, '接口与档案 interfaces and files')
  await fillImport(house, hospitalId, seed, accounts)
  await fillMessages(house, hospitalId, seed, byWard)
  await fillByHand(house, hospitalId, seed, accounts)
  await fillFlag(house, hospitalId, seed, accounts)
  await fillContent(house, hospitalId, seed, accounts)
  await fillChecks(house, hospitalId, seed, accounts)
  await fillFhir(house, hospitalId, seed, accounts)
  if (his) await fillHis(house, hospitalId, seed, his)
  await inHospital(house, hospitalId, fillDestination)
  onProgress(1, '完成 done')
}

/** The question of recommending asks one in three of all, so that every ward has a net promoter score to look at. */
const askEveryThird = (ctx: Context) =>
  sql`update followups.versions v set rule = v.rule || '{"ever": []}', sample_percent = 33
      from followups.programmes p where p.id = v.programme_id and p.key = 'experience3to10d'`.execute(ctx.db)

/** A real hospital's seeds come by chance; the demo's draws are the same each time. */
const seedsFrom = (random: Random) => () => Array.from({ length: 32 }, () => random.int(0, 15).toString(16)).join('')

/** Makes the tasks of everybody whom a programme takes, a programme at a time. */
async function planAll(house: House, hospitalId: number, onProgress: (share: number) => void): Promise<void> {
  const { rows } = await inHospital(house, hospitalId, (ctx) =>
    sql<{
      id: string
    }>`select id from followups.programmes where status = 'active' and key is distinct from 'vanished30d' order by id`.execute(ctx.db),
  )
  for (const [i, { id }] of rows.entries()) {
    await inHospital(house, hospitalId, (ctx) => planProgramme(ctx, id))
    onProgress((i + 1) / rows.length)
  }
}
