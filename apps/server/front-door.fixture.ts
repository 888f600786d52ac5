import { createUser } from '@renxin/access'
import { newId, type Route } from '@renxin/kernel'
import { noteCare, registerPatient } from '@renxin/patients'
import { openHttp, SESSION_COOKIE } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { resolvePeople, resolveUnits, savePerson, unitKey } from '@renxin/staff'
import { afterAll } from 'vitest'
import { authenticator, calendarOf, modules } from './modules.ts'

export const password = 'renxin-Trial-1'

/** The whole hospital behind its real front door: people who sign in, and patients whom two wards care for. */
export async function openFrontDoor() {
  const house = await openHouse(modules, { now: '2026-09-04T09:00+08:00', prepare: true, authenticator, calendarOf })
  const http = await openHttp(house.house)
  afterAll(() => http.close())
  const names = ['心内一病区', '骨科一病区'] as const
  const units = names.map((name, i) => ({ kind: 'ward' as const, code: `W${i}`, name, departmentCode: `D${i}` }))
  const ids = await house.inside((ctx) => resolveUnits(ctx, units))
  const [heart = '', bones = ''] = units.map((u) => ids.get(unitKey(u) ?? ''))

  const patientOf = async (name: string, ward: string, more: { medicalRecordNumber?: string; phone?: string } = {}) => {
    const id = newId()
    await house.inside(async (ctx) => {
      await registerPatient(ctx, { id, name, ...more })
      await noteCare(ctx, [{ patientId: id, unitIds: [ward] }])
    })
    return id
  }
  let count = 0
  const account = async (roleKeys: readonly string[], unitIds: readonly string[] = []) => {
    const name = `user${++count}`
    const person = { number: `K${count}`, name: `人员${count}`, job: 'nurse' as const }
    const { id, personId } = await house.inside(async (ctx) => {
      const personId = [...(await resolvePeople(ctx, [person])).values()][0] ?? ''
      await savePerson(ctx, { id: personId, ...person, title: null, unitIds: [...unitIds], isActive: true })
      return { personId, ...(await createUser(ctx, { name, displayName: `账号${count}`, password, roleKeys: [...roleKeys], personId })) }
    })
    return { id, name, personId, person }
  }
  const ask = async (session: string, url: string, { method = 'GET', body }: { method?: Route['method']; body?: object } = {}) => {
    const response = await http.inject({
      method,
      url,
      headers: { 'x-renxin': '1' },
      cookies: { [SESSION_COOKIE]: session },
      ...(method === 'GET' ? {} : { payload: body ?? {} }),
    })
    const isJson = response.headers['content-type']?.toString().includes('json')
    return { status: response.statusCode, body: isJson ? response.json() : null, cookies: response.cookies }
  }
  const signIn = async (name: string) => {
    const { cookies } = await ask('', '/api/access/sign-in', { method: 'POST', body: { name, password, hospitalId: house.hospitalId } })
    return cookies.find((c) => c.name === SESSION_COOKIE)?.value ?? ''
  }
  const roleId = async (key: string) => (await house.sql<{ id: string }>('select id from access.roles where key = $1', [key]))[0]?.id ?? ''
  return { house, http, heart, bones, patientOf, account, ask, signIn, roleId }
}
