import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { type IdentityClass, identityApi, patientsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { encountersApi } from '../contract.ts'
import { applyEncounterFacts, encounters } from './index.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-04T09:00+08:00', prepare: true })
const keeper = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.manage', 'encounters.read')

const save = (said: Partial<IdentityClass> & { id: string; name: string }) =>
  keeper.call(identityApi.saveIdentityClass, { synonyms: [], position: 50, isActive: true, ...said })

let count = 0
/** A patient with a stay, of whom a system said this class. */
async function stayOf(identityClass: string) {
  count += 1
  const sourceAt = house.now()
  const identifiers = [{ system: 'HIS', type: 'MR', value: `K${count}` }]
  const [patientId = ''] = await house.inside((ctx) => applyPatientFacts(ctx, [{ identifiers, name: '赵建国', sourceAt, identityClass }]))
  const admit = { number: `KV${count}`, patientId, event: 'admit' as const, class: 'inpatient' as const, sourceAt, identityClass }
  const [encounterId = ''] = await house.inside((ctx) => applyEncounterFacts(ctx, [admit]))
  const classes = async () => [
    (await keeper.call(patientsApi.file, { id: patientId })).identityClass,
    (await keeper.call(encountersApi.file, { id: encounterId })).identityClass,
  ]
  return { classes, again: (more: object) => house.inside((ctx) => applyEncounterFacts(ctx, [{ ...admit, ...more }])) }
}

test('a class that is renamed is called so at once in files and in stays of before, and stays so whatever is said again', async () => {
  const id = newId()
  await save({ id, name: '随军' })
  const stay = await stayOf('随军')

  await save({ id, name: '随军人员' })
  await house.settle()
  expect(await stay.classes()).toEqual(['随军人员', '随军人员'])

  await stay.again({})
  await stay.again({ event: 'update', sourceAt: new Date(house.now().getTime() + 60_000), bed: '3床' })
  expect(await stay.classes()).toEqual(['随军人员', '随军人员'])
})

test('a word that the list learns brings the stays that hold it to the name; others keep theirs', async () => {
  const [learnt, other] = [await stayOf('伤残军人'), await stayOf('远洋船员')]

  await save({ id: newId(), name: '优抚对象', synonyms: ['伤残军人'] })
  await house.settle()

  expect(await learnt.classes()).toEqual(['优抚对象', '优抚对象'])
  expect(await other.classes()).toEqual(['远洋船员', '远洋船员'])
})

test('what could not be reached at once is reached by the clock', async () => {
  const stay = await stayOf('侨眷')
  await save({ id: newId(), name: '侨属', synonyms: ['侨眷'] })
  await house.sql(`update encounters.encounters set identity_class = '侨眷' where number = $1 returning id`, [`KV${count}`])

  await house.tick('encounters.identityClasses')

  expect(await stay.classes()).toEqual(['侨属', '侨属'])
})
