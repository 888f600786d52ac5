import { authenticator, createUser } from '@renxin/access'
import { calendarOf, modules } from '@renxin/app-server/modules'
import { operationOutcome } from '@renxin/integration'
import { newId } from '@renxin/kernel'
import { type Context, inHospital, type Module, openHttp, routesOf, SESSION_COOKIE, sql } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { makeSetup } from '@renxin/setup'
import type { Backups } from '@renxin/setup/contract'
import { z } from 'zod'
import { fillCare } from './fill-care.ts'
import { fillHouse, removeSome } from './fill-house.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Objects, objectsOfCare, objectsOfHouse } from './objects.ts'
import { type Account, type Ask, marks, type Realm, type Units } from './realms.ts'
import { request } from './requests.ts'
import { watchPool } from './watch.ts'

const password = 'Nurse-2026-crawl'

const quiet = {
  isRunning: false,
  startedAt: null,
  secondsADay: null,
  sent: 0,
  refused: 0,
  admitted: 0,
  moved: 0,
  discharged: 0,
  visits: 0,
  writtenBack: 0,
  lines: [],
}
const backups = {
  mode: 'off', folder: '', isOnSameDisk: true, isOwnKey: true, at: '02:00', keepDays: 1, alarmHours: 1, drillDays: 1, alarms: [], running: null,
  lastGoodAt: null, lastBackup: null, lastDrill: null, goodDrill: null, logUntil: null, rows: [],
} satisfies Backups // biome-ignore format: nothing is saved here

export const setupModule = (): Module =>
  makeSetup({
    prepare: async () => {},
    hospitalsChanged: () => {},
    demoErased: async () => {},
    version: 'test',
    simulator: { state: () => quiet, start: async () => {}, stop: async () => {} },
    machine: {
      places: [],
      auditPlace: '',
      now: () => new Date(0),
      memory: () => ({ availableBytes: 0, totalBytes: 0 }),
      isClockKept: async () => null,
      certificateUntil: async () => null,
      doors: async () => ({ rows: [] }),
      knock: async () => ({ ok: true, what: '' }),
      readBackup: async () => '',
    },
    backups: { state: async () => backups, begin: () => false },
    rotateKeys: async () => undefined,
  }).setup

/** Two hospitals, full of things that bear the marks of whose they are, with an account of every role in the first, behind the real front door. */
export async function openWorld(extra: readonly Module[] = []) {
  const rooms = [...modules, setupModule(), ...extra]
  const house = await openHouse(rooms, { now: '2026-09-01T08:00+08:00', authenticator, calendarOf, prepare: true })
  const http = await openHttp(house.house, {
    requestsPerMinute: 10_000_000,
    problems: [{ prefix: '/fhir/', type: 'application/fhir+json; charset=utf-8', body: operationOutcome }],
  })
  watchPool(house.house.pool)
  const logged: string[] = []
  const log = (fields: object, message: string) =>
    void logged.push(`${message} ${JSON.stringify(fields, (_, v) => (v instanceof Error ? `${v.stack} ${JSON.stringify(v)}` : v))}`)
  house.house.log = { info: log, warn: log, error: log, debug: log }
  Object.assign(house.house.actors, { clear: () => {} }) // who stands behind a session stays known, so that all requests ask the database for the same
  const routes = routesOf(rooms)
  const byName = new Map(routes.map((r) => [`${r.module}.${r.name}`, r]))
  const other = await house.addHospital('另一家医院')

  const deskOf =
    (session: string): Ask =>
    async (name, input) => {
      const route = byName.get(name)
      if (!route) throw new Error(`there is no route ${name}`)
      const answer = await request(http, session, route, { ...input })
      if (answer.status >= 300) throw new Error(`${name} was refused while the crawler filled a hospital: ${answer.status} ${answer.text}`)
      return answer.text === '' ? null : JSON.parse(answer.text)
    }
  const signIn = async (hospitalId: number, name: string): Promise<string> => {
    const route = byName.get('access.signIn')
    if (!route) throw new Error('nobody can sign in')
    const { cookies, text } = await request(http, null, route, { hospitalId, name, password })
    const session = cookies.find((c) => c.name === SESSION_COOKIE)?.value
    if (!session) throw new Error(`${name} does not get in: ${text}`)
    return session
  }

  const insideOf =
    (hospitalId: number) =>
    <T>(work: (ctx: Context) => Promise<T>) =>
      inHospital(house.house, hospitalId, work)
  const roles = (await house.sql<{ key: string }>('select key from access.roles order by key')).map((r) => r.key)

  /** An account that may do everything there but audit, through which the hospital is filled. */
  async function founder(hospitalId: number): Promise<Ask> {
    await insideOf(hospitalId)((ctx) =>
      createUser(ctx, { name: 'founder', displayName: 'founder', password, roleKeys: roles.filter((r) => r !== 'auditor') }),
    )
    return deskOf(await signIn(hospitalId, 'founder'))
  }
  async function unitsOf(ask: Ask, department: string): Promise<Units> {
    const units = {
      departmentId: newId(),
      departmentCode: `${department}K`,
      wardId: newId(),
      wardCode: `${department}B`,
      personId: newId(),
      personNumber: `${department}1`,
    }
    const place = { campusId: null, isActive: true }
    await ask('staff.saveUnit', {
      id: units.departmentId,
      kind: 'department',
      code: units.departmentCode,
      name: department,
      departmentId: null,
      ...place,
    })
    await ask('staff.saveUnit', {
      id: units.wardId,
      kind: 'ward',
      code: units.wardCode,
      name: `${department}病区`,
      departmentId: units.departmentId,
      ...place,
    })
    const person = {
      number: units.personNumber,
      name: `${department}护士`,
      job: 'nurse',
      title: null,
      isActive: true,
      unitIds: [units.wardId],
    }
    await ask('staff.savePerson', { id: units.personId, ...person })
    return units
  }
  async function accountsOf(hospitalId: number, { personId }: Units): Promise<Account[]> {
    const accounts: Account[] = []
    for (const role of roles) {
      await insideOf(hospitalId)((ctx) => createUser(ctx, { name: role, displayName: role, password, roleKeys: [role], personId }))
      const session = await signIn(hospitalId, role)
      const me = await deskOf(session)('access.me', {})
      accounts.push({ role, session, may: new Map(Object.entries(grantsOf.parse(me).permissions)) })
    }
    return accounts
  }

  await insideOf(other)(async (ctx) => {
    for (const room of rooms) await room.prepare?.(ctx)
  })
  house.setNow('2026-09-04T09:00+08:00') // programmes take whoever was discharged since they were begun
  const [here, there] = [await founder(house.hospitalId), await founder(other)]
  const units = {
    own: await unitsOf(here, '内科'),
    department: await unitsOf(here, '外科'),
    hospital: await unitsOf(there, `${marks.hospital.word}科`),
  }
  const ward = {
    id: newId(),
    kind: 'ward',
    code: '内科B2',
    name: '内科二病区',
    departmentId: units.own.departmentId,
    campusId: null,
    isActive: true,
  }
  await here('staff.saveUnit', ward)
  const doctor = { id: newId(), number: '内科9', name: '贵宾主管', job: 'doctor', title: null, isActive: true, unitIds: [ward.id] }
  await here('staff.savePerson', doctor)
  const ofVips = { ...units.own, wardId: ward.id, wardCode: ward.code, personId: doctor.id, personNumber: doctor.number } // the ward in which a VIP lies sees who lies there
  const [ourAccounts] = [await accountsOf(house.hospitalId, units.own), await accountsOf(other, units.hospital)]
  const settle = () => house.settle()
  for (const [realm, unit] of [
    ['own', units.own],
    ['department', units.department],
    ['vip', ofVips],
  ] as const)
    await fillCare(insideOf(house.hospitalId), here, house.now(), marks[realm], unit, settle)
  await fillCare(insideOf(other), there, house.now(), marks.hospital, units.hospital, settle)
  await fillHouse(house.house, house.hospitalId, here, marks.own, settle)
  await fillHouse(house.house, other, there, marks.hospital, settle)

  for (const [hospitalId, realm] of [
    [house.hospitalId, 'own'],
    [house.hospitalId, 'department'],
    [house.hospitalId, 'vip'],
    [other, 'hospital'],
  ] as const) {
    const name = `${realm}surgeon`
    await insideOf(hospitalId)((ctx) => createUser(ctx, { name, displayName: name, password, roleKeys: ['clinician'] }))
    await deskOf(await signIn(hospitalId, name))('patients.openEmergency', {
      number: `${marks[realm].word}1`,
      reason: '抢救中，需要看病历',
    })
  }

  const gone = await removeSome(here, (await insideOf(house.hospitalId)((ctx) => objectsOfCare(ctx, marks.own, units.own))).complaint ?? '')
  const ofHere = await insideOf(house.hospitalId)((ctx) => objectsOfHouse(ctx, marks.own))
  const careOf = (realm: Realm) =>
    insideOf(realm === 'hospital' ? other : house.hospitalId)((ctx) =>
      objectsOfCare(ctx, marks[realm], realm === 'vip' ? ofVips : units[realm]),
    )
  const vip = await careOf('vip')
  for (const patientId of [vip.patient, vip.twin]) await here('patients.classify', { patientId, class: 'vip', reason: '本院贵宾' })
  const { department: _own, ward: _ownWard, person: _ownPerson, ...ofVip } = vip // everybody may name them
  const objects: Record<Realm, Objects> = {
    own: { ...ofHere, ...(await careOf('own')) },
    department: await careOf('department'),
    vip: ofVip,
    hospital: { ...(await insideOf(other)((ctx) => objectsOfHouse(ctx, marks.hospital))), ...(await careOf('hospital')) },
  }
  const { department: _, ward: __, person: ___, ...theirs } = objects.department // units and their people are everybody's to name
  const fingerprint = await fingerprintOf(house.ownerSql, insideOf(house.hospitalId), [...Object.values(theirs), ...Object.values(ofVip)])
  const untouched = await insideOf(house.hospitalId)((ctx) => fingerprint((text) => sql.raw(text).execute(ctx.db)))
  return { house, http, routes, logged, here, there, accounts: ourAccounts, objects, gone, fingerprint, untouched }
}

const grantsOf = z.object({ permissions: z.record(z.string(), z.string()) })
