import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Mark, Units } from './realms.ts'

/** One object of each kind, by its id. */
export type Objects = Readonly<Record<string, string>>

/** Where the object of a kind is found; `$p` is the patient, `$w` the mark. */
const ofCare: Readonly<Record<string, string>> = {
  patient: 'select $p',
  twin: `select id from patients.patients where medical_record_number = $w || '2'`,
  contact: `select id from patients.contacts where patient_id = $p and relation = 'son' order by id limit 1`,
  merge: 'select id from patients.merges where survivor_id = $p limit 1',
  conflict: 'select id from patients.conflicts where patient_id = $p limit 1',
  caution: 'select id from patients.cautions where patient_id = $p limit 1',
  kinPerson: 'select person_id as id from patients.people_ties where patient_id = $p limit 1',
  emergency: 'select id from access.emergencies where patient_id = $p limit 1',
  unusualLook: 'select id from patients.unusual_looks where patient_id = $p limit 1',
  right: 'select id from patients.rights_requests where patient_id = $p limit 1',
  stay: `select id from encounters.encounters where number = $w || 'V1'`,
  report: `select id from encounters.reports where number = $w || 'R1'`,
  document: `select id from encounters.documents where number = $w || 'D1'`,
  opinion: `select id from feedback.opinions where patient_id = $p and kind = 'praise'`,
  complaint: `select id from feedback.opinions where patient_id = $p and kind = 'complaint'`,
  rectification: 'select id from feedback.rectifications where measure like $w || $any limit 1',
  file: `select id from files.files where patient_id = $p and about_kind = 'feedback.complaint' limit 1`,
  response: 'select id from surveys.responses where patient_id = $p limit 1',
  flag: `select id from followups.flags where patient_id = $p and status = 'open' limit 1`,
  urge: 'select u.id from followups.urges u join followups.tasks t on t.id = u.task_id where t.patient_id = $p limit 1',
  doneTask: `select id from followups.tasks where patient_id = $p and status = 'done' order by id limit 1`,
  task: `select id from followups.tasks where patient_id = $p and status = 'todo' order by id limit 1`,
}

const ofHouse: Readonly<Record<string, string>> = {
  tag: 'select id from patients.tags where name like $w || $any',
  field: `select id from patients.field_definitions where key = 'crawled'`,
  identityClass: 'select id from patients.identity_classes where name like $w || $any',
  segment: 'select id from patients.segments where name like $w || $any',
  savedView: 'select id from patients.views where name like $w || $any',
  category: 'select id from feedback.categories where name like $w || $any',
  campus: 'select id from staff.campuses where name like $w || $any',
  questionnaire: `select id from surveys.questionnaires where current_version_id = (select id from surveys.versions where definition::text like '%' || $w || $any limit 1)`,
  version: `select id from surveys.versions where definition::text like '%' || $w || $any limit 1`,
  programme: 'select id from followups.programmes where name like $w || $any',
  extra: 'select id from followups.extras where name like $w || $any limit 1',
  news: 'select id from followups.news where title like $w || $any limit 1',
  blackout: 'select id from followups.blackouts where name like $w || $any',
  qualityVersion: `select current_version_id as id from surveys.questionnaires where key = 'call-quality'`,
  bulk: 'select id from followups.bulks order by started_at desc limit 1',
  draw: 'select id from followups.draws limit 1',
  cohort: 'select id from followups.cohorts where name like $w || $any and frozen_at is not null',
  draftCohort: 'select id from followups.cohorts where name like $w || $any and frozen_at is null',
  leave: 'select id from followups.leaves limit 1',
  standIn: `select id from access.users where name = 'standin'`,
  sender: 'select id from integration.senders where id in (select sender_id from integration.messages) limit 1',
  message: `select id from integration.messages where status = 'waiting' limit 1`,
  destination: 'select id from integration.destinations limit 1',
  line: 'select event_id as id from integration.outgoing limit 1',
  correction: 'select id from integration.corrections limit 1',
  run: 'select id from integration.runs limit 1',
  screenLink: 'select id from integration.screen_links limit 1',
  hook: 'select id from integration.fhir_subscriptions limit 1',
  import: 'select id from integration.imports limit 1',
  dropFolder: 'select id from integration.drop_folders limit 1',
  source: 'select id from integration.view_sources limit 1',
  view: 'select id from integration.views limit 1',
  question: 'select id from integration.view_questions limit 1',
  archive: 'select id from encounters.image_archives limit 1',
  user: `select id from access.users where name = 'followupnurse'`,
  role: `select id from access.roles where key = 'followupNurse'`,
  temporaryRole: 'select id from access.temporary_roles limit 1',
  session: 'select s.id from access.sessions s order by s.created_at, s.id limit 1',
  client: 'select id from access.clients limit 1',
  apiKey: 'select id from access.api_keys limit 1',
  auditEntry: 'select id from house.audit limit 1',
  exportRequest: 'select id from house.export_requests limit 1',
}

/** The objects of one patient of a department, and of the units that care for him. */
export async function objectsOfCare(ctx: Context, mark: Mark, units: Units): Promise<Objects> {
  const [patient] = (
    await sql<{
      id: string
    }>`select id from patients.patients where name = ${mark.name} and medical_record_number = ${`${mark.word}1`}`.execute(ctx.db)
  ).rows
  if (!patient) throw new Error(`the patient ${mark.name} is not there`)
  const found = await lookUp(ctx, ofCare, mark.word, patient.id)
  return { ...found, department: units.departmentId, ward: units.wardId, person: units.personId }
}

export const objectsOfHouse = (ctx: Context, mark: Mark): Promise<Objects> => lookUp(ctx, ofHouse, mark.word, '')

async function lookUp(ctx: Context, places: Readonly<Record<string, string>>, word: string, patientId: string): Promise<Objects> {
  const found: Record<string, string> = {}
  for (const [kind, place] of Object.entries(places)) {
    const text = place.replaceAll('$w', `'${word}'`).replaceAll('$any', `'%'`).replaceAll('$p', `'${patientId}'::uuid`)
    const { rows } = await sql.raw<Record<string, string>>(text).execute(ctx.db)
    const id = rows[0] && Object.values(rows[0])[0]
    if (!id) throw new Error(`the crawler has no ${kind}`)
    found[kind] = id
  }
  return found
}

/** Ids of things that never were, for every kind. */
export const nothing: Objects = new Proxy({}, { get: (_, kind) => (kind === 'auditEntry' ? newId(1_700_000_000_000) : newId()) })
