import { access, createUser } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { screenLinkApi } from '../../screen-link-contract.ts'
import { integration } from '../index.ts'
import { signatureOf } from './sign.ts'

const house = await openHouse([access, staff, patients, encounters, integration], { now: '2026-09-04T09:00+08:00' })
const secret = 'a secret of both sides, long enough'
const [personId, otherId] = [newId(), newId()]
await house.sql(
  `insert into staff.people (id, number, name, job) values ($1, 'E0001', '陈静', 'nurse'), ($2, 'E0002', '吴工', 'manager')`,
  [personId, otherId],
)
const manager = house.who('integration.manage')
const nurse = house.who('patients.read', { personId })
const another = house.who('patients.read', { personId: otherId })
const [patientId = ''] = await house.inside((ctx) =>
  applyPatientFacts(ctx, [{ identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000001' }], sourceAt: house.now(), name: '赵建国' }]),
)
const link = newId()
const settings = { id: link, name: 'HIS 进来', direction: 'in', template: null, windowSeconds: 60, signsIn: false, isActive: true } as const
await manager.call(screenLinkApi.saveScreenLink, { ...settings, secret })

/** An address as the HIS would sign it. */
function signed(change: Partial<{ time: number; nonce: string; workNumber: string; medicalRecordNumber: string }> = {}) {
  const parts = {
    workNumber: 'E0001',
    medicalRecordNumber: 'H0000001',
    visitNumber: '',
    time: Math.floor(house.now().getTime() / 1000),
    nonce: newId(),
    ...change,
  }
  return { link, ...parts, signature: signatureOf(secret, parts) }
}
const arrive = (asked: ReturnType<typeof signed>) => nurse.call(screenLinkApi.arrive, asked)

test('a signed address leads the member of staff whom it names to the patient, and leaves a trace', async () => {
  const { ticket, isSignedIn } = await arrive(signed())

  expect(isSignedIn).toBe(false) // the visitor of this test has no session in the table
  expect(await nurse.call(screenLinkApi.openLink, { ticket })).toEqual({ patientId })
  const trace = await house.sql("select from house.audit where action = 'integration.openLink' and patient_id = $1 and actor_id = $2", [
    patientId,
    nurse.id,
  ])
  expect(trace).toHaveLength(1)
})

test('an address opens once, for seconds, and only as it was signed', async () => {
  const once = signed()
  const { ticket } = await arrive(once)
  await expect(arrive(once)).rejects.toMatchObject({ code: 'integration.linkUsed' })
  await nurse.call(screenLinkApi.openLink, { ticket })
  await expect(nurse.call(screenLinkApi.openLink, { ticket })).rejects.toMatchObject({ code: 'integration.linkUsed' })

  const now = Math.floor(house.now().getTime() / 1000)
  for (const time of [now - 61, now + 61]) await expect(arrive(signed({ time }))).rejects.toMatchObject({ code: 'integration.linkExpired' })
  await expect(arrive({ ...signed(), medicalRecordNumber: 'H0000002' })).rejects.toMatchObject({ code: 'integration.badSignature' })
})

test('of two that arrive with one address at once, one goes on', async () => {
  const once = signed()

  const outcomes = await Promise.allSettled([arrive(once), arrive(once), arrive(once)])

  expect(outcomes.map((o) => o.status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
})

test('whoever signs in has some minutes; another member of staff is refused, and so is a number that nobody has', async () => {
  const { ticket: late } = await arrive(signed())
  house.advance({ minutes: 11 })
  await expect(nurse.call(screenLinkApi.openLink, { ticket: late })).rejects.toMatchObject({ code: 'integration.linkUsed' })

  const { ticket: hers } = await arrive(signed())
  await expect(another.call(screenLinkApi.openLink, { ticket: hers })).rejects.toMatchObject({ code: 'integration.linkOfAnother' })
  const { ticket: unknown } = await arrive(signed({ medicalRecordNumber: 'H9999999' }))
  await expect(nurse.call(screenLinkApi.openLink, { ticket: unknown })).rejects.toMatchObject({ code: 'integration.linkUnknownPatient' })
})

test('no password is needed only where the hospital allows it, and then the session is the one of the account', async () => {
  const userId = newId()
  await house.inside((ctx) =>
    createUser(ctx, { id: userId, name: 'chenjing', displayName: '陈静', password: 'a long enough word 9', roleIds: [], personId }),
  )
  expect((await arrive(signed())).isSignedIn).toBe(false)
  const sessions = () => house.sql('select user_id from access.sessions')
  expect(await sessions()).toEqual([])

  await manager.call(screenLinkApi.saveScreenLink, { ...settings, signsIn: true })
  expect((await arrive(signed())).isSignedIn).toBe(true)

  expect(await sessions()).toEqual([{ user_id: userId }])
  expect(await house.sql("select object_id from house.audit where action = 'access.signInByLink'")).toEqual([{ object_id: userId }])
  expect((await arrive(signed({ workNumber: 'E0002' }))).isSignedIn).toBe(false) // has no account
})

test('who has a second factor, or owes one, signs in all the same, and so does who must change the password; the link leads on afterwards', async () => {
  await manager.call(screenLinkApi.saveScreenLink, { ...settings, signsIn: true })
  const change = (what: string) => house.sql(`update access.users set ${what} where name = 'chenjing'`)
  const rules = (secondFactor: string) =>
    house.sql(
      `insert into access.sign_in_rules (min_length, kinds, max_age_days, remembered, tries, lock_minutes, idle_minutes, second_factor)
       values (8, 3, 90, 5, 5, 10, 60, $1) on conflict (hospital_id) do update set second_factor = $1`,
      [secondFactor],
    )
  const isLetIn = async () => (await arrive(signed())).isSignedIn

  await change("totp_secret = 'x'")
  expect(await isLetIn()).toBe(false)
  await change('totp_secret = null, must_change_password = true')
  expect(await isLetIn()).toBe(false)
  await change("must_change_password = false, password_set_at = password_set_at - interval '91 days'")
  expect(await isLetIn()).toBe(false)
  await change("password_set_at = password_set_at + interval '91 days'")
  await rules('everybody')
  expect(await isLetIn()).toBe(false)
  await rules('administrators')
  expect(await isLetIn()).toBe(true) // she administers nothing
  const { ticket } = await arrive(signed())
  expect(await nurse.call(screenLinkApi.openLink, { ticket })).toEqual({ patientId })
})

test('an address outward is made for the one who asks, without a name, and only from a safe template', async () => {
  const id = newId()
  const out = { id, name: 'EMR', direction: 'out', windowSeconds: 60, signsIn: false, isActive: true } as const
  const template = 'https://emr.example/open?mrn={medicalRecordNumber}&user={workNumber}&t={time}&n={nonce}&s={signature}'
  await expect(manager.call(screenLinkApi.saveScreenLink, { ...out, template })).rejects.toMatchObject({
    code: 'integration.linkSecretNeeded',
  })
  await expect(manager.call(screenLinkApi.saveScreenLink, { ...out, template: `${template}&name={name}`, secret })).rejects.toMatchObject({
    code: 'integration.badTemplate',
  })
  await manager.call(screenLinkApi.saveScreenLink, { ...out, template, secret })
  expect((await nurse.call(screenLinkApi.linksOut, {})).rows).toEqual([{ id, name: 'EMR' }])

  const { address } = await nurse.call(screenLinkApi.makeLink, { id, patientId })

  const of = (name: string) => new URL(address).searchParams.get(name) ?? ''
  const parts = { workNumber: 'E0001', medicalRecordNumber: 'H0000001', visitNumber: '', time: Number(of('t')), nonce: of('n') }
  expect([of('mrn'), of('user'), of('s')]).toEqual(['H0000001', 'E0001', signatureOf(secret, parts)])
  expect(decodeURIComponent(address)).not.toContain('赵')
  await expect(house.who('patients.read').call(screenLinkApi.makeLink, { id, patientId })).rejects.toMatchObject({
    code: 'integration.noWorkNumber',
  })
})

test('a test says what is wrong with an address and uses nothing up; the secret is never shown', async () => {
  const asked = signed()
  const addressOf = (parts: object) => `https://crm/link?${new URLSearchParams(Object.entries(parts).map(([k, v]) => [k, String(v)]))}`
  const judge = async (address: string) => (await manager.call(screenLinkApi.testScreenLink, { id: link, address })).outcome

  expect(await judge(addressOf(asked))).toBe('good')
  expect(await judge(addressOf({ ...asked, workNumber: 'E0002' }))).toBe('badSignature')
  expect(await judge(addressOf(signed({ time: 1_000 })))).toBe('expired')
  expect(await judge('not an address')).toBe('badAddress')
  await arrive(asked)
  expect(await judge(addressOf(asked))).toBe('used')
  expect(JSON.stringify(await manager.call(screenLinkApi.screenLinks, {}))).not.toContain(secret)
  const stranger = await house.stranger('integration.manage')
  expect((await stranger.call(screenLinkApi.screenLinks, {})).rows).toEqual([])
})
