import { applyEncounterFacts } from '@renxin/encounters'
import { type GuardedField, guardOf } from '@renxin/kernel'
import { routesOf } from '@renxin/server'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { openFrontDoor } from './front-door.fixture.ts'
import { modules } from './modules.ts'

const { house, heart, patientOf, account, ask, signIn } = await openFrontDoor()
const wang = await patientOf('王芳', heart, { phone: '13800138001' })
await house.inside((ctx) =>
  applyEncounterFacts(ctx, [
    {
      patientId: wang,
      number: 'V1',
      class: 'inpatient',
      event: 'admit',
      sourceAt: ctx.clock.now(),
      wardCode: 'W0',
      departmentCode: 'D0',
      diagnoses: [{ type: 'admission', name: '冠心病', code: 'I25.1', system: null, rank: 1 }],
    },
  ]),
)
const security = await signIn((await account(['securityAdministrator'])).name)
const hide = async (key: string, hidden: readonly GuardedField[]) => {
  const { rows } = (await ask(security, '/api/access/roles')).body
  const { id, name, grants, version } = rows.find((r: { key: string }) => r.key === key)
  const { body } = await ask(security, `/api/access/roles/${id}`, { method: 'PUT', body: { name, grants, version, hidden } })
  return body
}
const seenBy = async (session: string) => {
  const pages = [
    `patients/patients/${wang}`,
    'patients/patients',
    `encounters/patients/${wang}`,
    `encounters/timeline/${wang}`,
    'encounters/encounters',
  ]
  const bodies = await Promise.all(pages.map((page) => ask(session, `/api/${page}`)))
  return JSON.stringify(bodies.map((b) => b.body))
}

test('what is kept from a role stands on no page of whoever has it, the rest does, and the trail keeps the change', async () => {
  const doctor = await signIn((await account(['clinician'], [heart])).name)
  expect(await seenBy(doctor)).toMatch(/138\*\*\*\*8001.*冠心病/)

  expect((await hide('clinician', ['phone', 'diagnosis'])).hidden).toEqual(['diagnosis', 'phone'])

  const seen = await seenBy(doctor)
  expect(seen).toContain('王芳')
  expect(seen).not.toMatch(/138\*|冠心病|I25/)
  expect(
    await house.sql(
      `select detail -> 'after' -> 'hidden' as hidden from house.audit where action = 'access.roleChanged' and detail ? 'before'`,
    ),
  ).toEqual([{ hidden: ['diagnosis', 'phone'] }])
  await hide('clinician', [])
  expect(await seenBy(doctor)).toMatch(/138\*\*\*\*8001.*冠心病/)
})

test('of two roles by which somebody meets patients both must keep it; one that shows no patient says nothing of it', async () => {
  await hide('clinician', ['phone'])
  const nurse = await signIn((await account(['clinician', 'followupNurse'], [heart])).name)
  const auditor = await signIn((await account(['clinician', 'interfaceAccount'], [heart])).name)
  const keeper = await signIn((await account(['clinician', 'auditor'], [heart])).name)

  expect(await seenBy(nurse)).toContain('138****8001')
  expect(await seenBy(auditor)).toContain('138****8001')
  expect(await seenBy(keeper)).not.toContain('138****8001')
})

test('how single doctors and nurses do is kept from whoever may not see ratings of staff, and the rates of departments are not', async () => {
  const leader = await signIn((await account(['hospitalLeader'])).name)
  const statusOf = async (path: string) => (await ask(leader, `/api/analytics/revisits${path}`)).status
  const appraise = async (path: string) => (await ask(leader, `/api/analytics/appraisal${path}`)).status
  expect([await statusOf('?by=doctor'), await statusOf('/ranking'), await appraise('?by=nurse')]).toEqual([200, 200, 200])

  await hide('hospitalLeader', ['staffRating'])

  expect([await appraise('?by=nurse'), await appraise('?by=department')]).toEqual([403, 200])
  expect([await statusOf('?by=doctor'), await statusOf('?by=department')]).toEqual([403, 200])
  expect((await ask(leader, '/api/analytics/revisits/ranking')).body.rows).toEqual([])
})

test('how single people’s calls were judged is kept from whoever may not see ratings of staff, page, list and file', async () => {
  const supervisor = await signIn((await account(['followupAdministrator'])).name)
  const get = (path: string) => ask(supervisor, `/api/followups/${path}?month=2026-09`)
  const file = async () => {
    const body = { month: '2026-09', reason: '月度质控', format: 'csv' }
    return (await ask(supervisor, '/api/followups/quality-checks/export', { method: 'POST', body })).status
  }
  expect([(await get('quality-checks')).status, (await get('quality-by-person')).status, await file()]).toEqual([200, 200, 200])

  await hide('followupAdministrator', ['staffRating'])

  expect([(await get('quality-checks')).status, await file()]).toEqual([403, 403])
  expect((await get('quality-by-person')).body.rows).toEqual([])
  await hide('followupAdministrator', [])
})

test('to a role from which something is kept the door of other systems is closed, since what goes through it goes whole', async () => {
  const machine = await signIn((await account(['interfaceAccount'])).name)
  const statusOf = async () => (await ask(machine, `/fhir/R4/Patient`)).status
  expect(await statusOf()).toBe(200)

  await hide('interfaceAccount', ['identityCard'])

  expect(await statusOf()).toBe(403)
  await hide('interfaceAccount', [])
})

test('every field of a reply that is called like one of these is marked, so that a new page cannot forget it', () => {
  const called: Readonly<Record<string, GuardedField>> = {
    masked: 'phone',
    speakerPhone: 'phone',
    identityCard: 'identityCard',
    mainDiagnosis: 'diagnosis',
    mainDiagnosisCode: 'diagnosis',
    mainDiagnosisName: 'diagnosis',
    diagnoses: 'diagnosis',
  }
  /** The conditions of a filter, a segment or a programme: of nobody. */
  const ofRules = [
    ...['views', 'segments', 'saveSegment', 'programme', 'saveProgramme', 'activate', 'disable', 'templates'],
    ...['cohort', 'saveCohort', 'freezeCohort', 'describeCohort', 'addVisits', 'closeCohort'],
  ]
  const routes = routesOf(modules).filter((r) => !r.isExchange && !r.file && !ofRules.includes(r.name))

  const found = routes.flatMap((r) => fieldsOf(r.reply).map(([name, schema]) => ({ route: `${r.module}.${r.name}`, name, schema })))

  expect(found.length).toBeGreaterThan(500)
  expect(found.filter(({ name, schema }) => called[name] && guardOf(schema) !== called[name]).map((f) => `${f.route} ${f.name}`)).toEqual(
    [],
  )
})

type Def = { innerType?: z.ZodType; element?: z.ZodType; options?: z.ZodType[]; shape?: Record<string, z.ZodType>; out?: z.ZodType }

/** Every named field of a reply, at any depth. */
function fieldsOf(schema: z.ZodType, depth = 0): [string, z.ZodType][] {
  if (depth > 12) return []
  const { def } = schema as unknown as { def: Def } // as zod tells how a schema is made
  const inner = [def.innerType, def.element, def.out, ...(def.options ?? [])].filter((s) => s !== undefined)
  const own = Object.entries(def.shape ?? {})
  return [...own, ...[...inner, ...own.map(([, s]) => s)].flatMap((s) => fieldsOf(s, depth + 1))]
}
