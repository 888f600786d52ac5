import { Refusal } from '@renxin/kernel'
import { type Context, savepoint, sql } from '@renxin/server'
import { patientsOf } from './aliases.ts'
import { isCareful, isOfValue, type Setting } from './setting.ts'
import { loadBodies, type Name, nameOf } from './store.ts'
import { tellSubscriptions } from './subscriptions.ts'
import type { Head } from './tables.ts'
import { tellAllergies } from './tell-allergies.ts'
import { tellFlags } from './tell-cautions.ts'
import { tellConsents } from './tell-consents.ts'
import { tellEncounters } from './tell-encounters.ts'
import { tellFiles } from './tell-files.ts'
import { tellQuestionnaires } from './tell-questionnaires.ts'
import { tellRecords } from './tell-records.ts'
import { tellRoles } from './tell-roles.ts'
import { tellStaff } from './tell-staff.ts'
import { tellSurveys } from './tell-surveys.ts'
import type { Objects, Told } from './told.ts'

type Outcome = { objectId: string | null; waitsFor: string | null } | undefined

/** Tells the rooms what resources say, all of a kind at once. What no room has a place for is only kept. */
export async function tellRooms(ctx: Context, setting: Setting, told: readonly Told[]): Promise<Outcome[]> {
  const objects = isCareful(ctx) ? await tellOneByOne(ctx, setting, told) : await tellAll(ctx, setting, told)
  return told.map(({ name }) => {
    const objectId = objects.get(nameOf(name))
    return objectId ? { objectId, waitsFor: null } : undefined
  })
}

async function tellAll(ctx: Context, setting: Setting, told: readonly Told[]): Promise<Objects> {
  const objects: Objects = new Map(told.flatMap((t) => (t.objectId ? [[nameOf(t.name), t.objectId]] : [])))
  await tellStaff(ctx, told, objects)
  await tellRoles(ctx, setting, told, objects)
  await tellFiles(ctx, told)
  await tellAllergies(ctx, told)
  await tellQuestionnaires(ctx, told, objects)
  await tellEncounters(ctx, setting, told, objects)
  await tellRecords(ctx, setting, told, objects)
  await tellSurveys(ctx, setting, told, objects)
  await tellConsents(ctx, told)
  await tellFlags(ctx, setting, told, objects)
  await tellSubscriptions(ctx, setting, told, objects)
  return objects
}

/** One of them holds a value that a room does not take: that one is only kept. */
async function tellOneByOne(ctx: Context, setting: Setting, told: readonly Told[]): Promise<Objects> {
  const objects: Objects = new Map()
  for (const one of told) {
    try {
      for (const [name, id] of await savepoint(ctx, (ctx) => tellAll(ctx, setting, [one]))) objects.set(name, id)
    } catch (error) {
      if (!isOfValue(error) && !(error instanceof Refusal)) throw error
      ctx.log.warn(
        { type: one.name.type, code: error instanceof Refusal ? error.code : 'value' },
        'a FHIR resource is kept and could not be told to a room',
      )
    }
  }
  return objects
}

const MOST_WAITING = 500

/** What came before its patient is told now that he is here. */
export async function tellWaiting(ctx: Context, setting: Setting, patients: readonly Name[]): Promise<void> {
  if (patients.length === 0) return
  const { rows: heads } = await sql<Head>`
    select key, type, id, version, changed_at, is_deleted, hash, object_id, patient_id, waits_for from integration.fhir_resources
    where waits_for = any(${patients.map(nameOf)}::text[]) order by changed_at, key limit ${MOST_WAITING} for update`.execute(ctx.db)
  if (heads.length === 0) return
  const bodies = await loadBodies(ctx, heads)
  const here = await patientsOf(
    ctx,
    patients.map((p) => p.id),
  )
  const told = heads.map(
    (head): Told => ({
      name: { type: head.type, id: head.id },
      resource: bodies.get(head.key) ?? null,
      isNew: false,
      isNameNew: false,
      objectId: head.objectId,
      patientId: here.get((head.waitsFor ?? '').slice('Patient/'.length)) ?? null,
      sourceAt: head.changedAt,
    }),
  )
  const outcomes = await tellRooms(ctx, setting, told)
  await sql`
    update integration.fhir_resources r set patient_id = n.patient_id, object_id = coalesce(n.object_id, r.object_id), waits_for = null
    from unnest(${heads.map((h) => h.key)}::uuid[], ${told.map((t) => t.patientId)}::uuid[], ${outcomes.map((o) => o?.objectId ?? null)}::uuid[])
      as n (key, patient_id, object_id)
    where r.key = n.key`.execute(ctx.db)
}
