import { openHttp, SESSION_COOKIE } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll } from 'vitest'
import { access, authenticator, createUser } from './index.ts'

export const password = 'Nurse-2026'

type Asked = { cookie?: string; key?: string; body?: object; method?: 'GET' | 'POST' | 'PUT' }

/** A hospital with accounts behind the real front door: cookies, keys, and a clock that can be moved. */
export async function openAccess() {
  const house = await openHouse([staff, access], { prepare: true, authenticator, now: '2026-09-04T09:00+08:00' })
  const http = await openHttp(house.house)
  afterAll(() => http.close())
  let count = 0

  const newUser = async (fields: object = {}) => {
    const name = `nurse${++count}`
    const { id } = await house.inside((ctx) =>
      createUser(ctx, { name, displayName: '王护士', password, roleKeys: ['followupNurse'], ...fields }),
    )
    return { id, name }
  }
  const ask = async (path: string, { cookie, key, body, method = body ? 'POST' : 'GET' }: Asked = {}) => {
    const response = await http.inject({
      method,
      url: `/api/access${path}`,
      headers: { 'x-renxin': '1', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      cookies: cookie ? { [SESSION_COOKIE]: cookie } : {},
      ...(method === 'GET' ? {} : { payload: body ?? {} }),
    })
    return { status: response.statusCode, body: response.json(), cookie: response.cookies.find((c) => c.name === SESSION_COOKIE) }
  }
  const signIn = async (name: string, pass = password, cookie?: string, more: object = {}) => {
    const body = { name, password: pass, hospitalId: house.hospitalId, ...more }
    const answer = await ask('/sign-in', { body, ...(cookie ? { cookie } : {}) })
    return { ...answer, session: answer.cookie?.value ?? '' }
  }
  return { house, http, newUser, ask, signIn }
}
