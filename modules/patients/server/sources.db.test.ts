import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, expect, test } from 'vitest'
import { fieldsApi } from '../contract.ts'
import { applyPatientFacts, patients } from './index.ts'
import { sources } from './sources.ts'

const house = await openHouse([staff, patients], { now: '2026-09-10T09:00+08:00' })
const administrator = house.who('patients.manage', 'patients.edit', 'patients.read')
const patientId = newId()
const saidAt = new Date('2026-09-01T08:00+08:00')

beforeAll(async () => {
  await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        id: patientId,
        identifiers: [],
        sourceAt: saidAt,
        name: '赵建国',
        sex: 'male',
        birthOn: '1960-09-11',
        marital: '已婚',
        allergies: [{ code: null, name: '青霉素', kind: null, severity: null, reaction: null }],
      },
    ]),
  )
  const field = (key: string, label: string, isSensitive: boolean) => ({
    id: newId(), object: 'patient' as const, key, label, kind: 'text' as const, options: [], isRequired: false, pattern: null, least: null, most: null, position: 0,
    isActive: true, isSearchable: false, isInList: false, isSensitive, riskOption: null,
  }) // biome-ignore format: a field
  const [lives, secret] = [field('lives', '居住情况', false), field('secret', '密语', true)]
  for (const f of [lives, secret]) await administrator.call(fieldsApi.saveField, f)
  await administrator.call(fieldsApi.setFields, { patientId, values: { [lives.id]: '独居', [secret.id]: '芝麻开门' } })
})

const visit = [{ patientId, encounterId: null }]
const paths = async () => (await house.inside((ctx) => sources.list(ctx))).map((s) => s.path)
const read = async (asked: string[]) => (await house.inside((ctx) => sources.read(ctx, visit, asked)))[0] ?? []

test('a form is filled with what is known of the patient, each with the time at which it was said', async () => {
  expect(await read(['patient.sex', 'patient.age', 'patient.marital', 'patient.job', 'patient.allergies'])).toEqual([
    { path: 'patient.sex', value: '男', at: saidAt, of: null, system: null },
    { path: 'patient.age', value: 65, at: saidAt, of: null, system: null },
    { path: 'patient.marital', value: '已婚', at: saidAt, of: null, system: null },
    { path: 'patient.allergies', value: '青霉素', at: saidAt, of: null, system: null },
  ])
})

test('a field that the hospital defined for itself can be chosen by its name, and one that is sealed cannot', async () => {
  expect((await paths()).filter((p) => p.startsWith('own.'))).toEqual(['own.patient.lives'])
  expect((await read(['own.patient.lives', 'own.patient.secret'])).map((f) => [f.path, f.value])).toEqual([['own.patient.lives', '独居']])
})

test('neither name nor number, phone or address is offered: what is kept with an answer is no copy of who somebody is', async () => {
  expect(await paths()).toEqual([
    'patient.sex', 'patient.birthOn', 'patient.age', 'patient.ethnic', 'patient.marital', 'patient.job', 'patient.nationality', 'patient.identityClass', 'patient.payer',
    'patient.allergies', 'own.patient.lives',
  ]) // biome-ignore format: a list
})
