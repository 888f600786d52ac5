import type { ExportWaits, Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { auditMany, type Context, type FileReply, sql } from '@renxin/server'
import { csvLine, type ExportTable, exportTables, type Mark, type Pack, zipOf } from '@renxin/server/export'
import { seenBy } from '@renxin/surveys'
import { cohortsApi as api, type cohortsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { readAnswers } from './answers.ts'
import { type FrozenCohort, frozenCohort, visitsOf } from './cohorts.ts'
import { longOf, type Member, type Study, tablesOf, type Variable, wideOf } from './dataset.ts'
import { bundleOf } from './fhir-of-study.ts'
import { seenVisit, standingOf } from './filter.ts'
import { listPlaces } from './places.ts'
import { syntaxOf } from './spss.ts'
import { db } from './tables.ts'
import type { HowToRead } from './variables.ts'

const t = words.cohorts.data
const AT_ONCE = 1000

/**
 * The data of a study. Without names, days and words: a number drawn by lot, days since the discharge, codes. What identifies leaves only for whoever may export whole
 * names. It holds the members whom the reader may see, and leaves by the house's own way, with its number, its reason and its release.
 */
export async function exportCohort(
  ctx: Context,
  { format, reason, ...asked }: Input<typeof cohortsApi.exportCohort>,
): Promise<FileReply | ExportWaits> {
  const { id, layout, isIdentified } = asked
  const cohort = await frozenCohort(ctx, id)
  const study = await readStudy(ctx, cohort)
  const maySee = await seenBy(ctx)
  const how: HowToRead = { isIdentified, showsSource: (path) => maySee({ path }), words: t.missing }
  const dataset = layout === 'wide' && format !== 'fhir' ? wideOf(study, how) : longOf(study, how)
  const { id: byId, name: byName } = ctx.actor
  const kept = { cohortId: id, at: ctx.clock.now(), byId, byName, format, layout, isIdentified, members: study.members.length, reason }
  const now = { day: ctx.clock.today(), time: ctx.clock.timeOf(ctx.clock.now()) }
  return exportTables(ctx, {
    route: api.exportCohort,
    title: words.cohorts.exportTitle,
    fileName: `${words.cohorts.exportTitle} ${cohort.name}`,
    format,
    reason,
    asked,
    filters: [
      [words.cohorts.study, cohort.name],
      [t.layout, words.cohorts.layouts[layout]],
      [t.identified, isIdentified ? t.yes : t.no],
      [t.membersOf, `${study.members.length} / ${cohort.members}`],
    ],
    tables: tablesOf(dataset),
    pack:
      format === 'fhir' ? bundleOf(cohort, study, how) : packageOf(dataset.variables, [t.guide[layout], t.guide.run, t.guide.days], now),
    onNoted: async (number) => {
      await db(ctx)
        .insertInto('followups.cohortExports')
        .values({ ...kept, number })
        .execute()
      await noteMembers(ctx, study.members, reason)
    },
  })
}

/** In the trail of each member: that his data left, even without his name. */
async function noteMembers(ctx: Context, members: readonly Member[], reason: string): Promise<void> {
  const patientIds = [...new Set(members.map((m) => m.patientId))]
  for (let from = 0; from < patientIds.length; from += AT_ONCE)
    await auditMany(
      ctx,
      patientIds.slice(from, from + AT_ONCE).map((patientId) => ({ action: 'followups.exportCohort', patientId, reason })),
    )
}

async function readStudy(ctx: Context, cohort: FrozenCohort): Promise<Study> {
  const visits = await visitsOf(ctx, cohort.id)
  const places = await listPlaces(ctx, cohort)
  const answering = await readAnswers(
    ctx,
    places.flatMap((p) => p.responseId ?? []),
    [...new Set(visits.map((v) => v.questionnaireId))],
  )
  return { size: cohort.members, members: await membersOf(ctx, cohort), visits, places, answering }
}

async function membersOf(ctx: Context, { id, programmeId }: FrozenCohort): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select m.encounter_id, c.patient_id, m.number, p.name, p.medical_record_number, coalesce(e.anchor_on, m.discharged_on) as anchor_on, m.age, m.sex, u.name as department_name,
           m.stay_days, m.diagnosis_code, m.operation_code, ${standingOf} as status,
           coalesce((p.deceased_at at time zone ${ctx.hospital.zone})::date, m.left_on) as left_on
      from followups.cohort_members m
      join encounters.cards c on c.id = m.encounter_id
      join patients.cards p on p.id = c.patient_id
      left join followups.enrolments e on e.encounter_id = m.encounter_id and e.programme_id = ${programmeId}::uuid
      left join staff.unit_cards u on u.id = m.department_id
     where m.cohort_id = ${id}::uuid and ${seenVisit(ctx)} order by m.number`.execute(ctx.db)
  return rows.map((m) => ({ ...m, name: showName(ctx, m.name) }))
}

const DATA = 'data.csv'
/** In each row: a row that turns up somewhere names its export. */
const exportColumn: Variable = { name: 'export_no', label: t.exportNumber, kind: 'text', codes: [], missing: [], decimals: 0 }

/** The table without anything above it, as statistics programs read it; its code book, the syntax that reads it, and what all of it says of itself. */
const packageOf =
  (variables: readonly Variable[], guide: readonly string[], now: { day: string; time: string }): Pack =>
  ([data, codeBook], mark, serial) => {
    const rows = (data?.rows ?? []).map((row) => [...row, serial])
    const columns = [...variables, exportColumn]
    const csv = (heads: readonly string[], body: ExportTable['rows']) => Buffer.from(`\u{feff}${[heads, ...body].map(csvLine).join('')}`)
    const said = aboutOf(mark)
    const files = [
      { name: DATA, body: csv(columns.map((v) => v.name), rows) }, // biome-ignore format: one thought
      { name: 'codebook.csv', body: csv(codeBook?.columns.map((c) => c.name) ?? [], codeBook?.rows ?? []) },
      { name: 'syntax.sps', body: Buffer.from(`\u{feff}${syntaxOf(DATA, columns, rows, said)}`) },
      { name: 'about.txt', body: Buffer.from(`\u{feff}${[...said, '', ...guide].join('\r\n')}\r\n`) },
    ]
    return { body: zipOf(files, now), type: 'application/zip', extension: 'zip' }
  }

export const aboutOf = ({ title, about, serial }: Mark): string[] => [title, ...about.map(([name, value]) => `${name}: ${value}`), serial]
