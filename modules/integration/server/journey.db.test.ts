import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encounters } from '@renxin/encounters'
import { patients, phonesOf } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { importSender, ingest, integration, readFrame } from './index.ts'

/** The journeys that lie beside the repository, with what should come of them. */
const folder = process.env.RENXIN_SAMPLES && join(process.env.RENXIN_SAMPLES, 'hl7', 'zh-composed')
const isThere = folder !== undefined && existsSync(join(folder, 'final-state.json'))

if (!isThere) {
  test('the samples are read as they should be', (t) => t.skip('RENXIN_SAMPLES names no folder with hl7/zh-composed'))
} else {
  test('the sample journey ends as its final state says', async () => {
    const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
    const final = JSON.parse(readFileSync(join(folder, 'final-state.json'), 'utf8'))
    const profile = JSON.parse(readFileSync(join(folder, 'site-profile.json'), 'utf8'))
    await house.inside((ctx) => importSender(ctx, profile, { application: 'HIS', facility: '仁心示范医院' }))

    const taken = await house.inside((ctx) => ingest(ctx, readFrame(readFileSync(join(folder, '01-journey-utf8.hl7')))))

    expect(taken.map((t) => t.status)).toEqual(Array(final.messages).fill('applied'))
    const people = await house.sql<{ id: string; name: string }>(
      'select id, name, sex, birth_on, medical_record_number from patients.cards',
      [],
    )
    expect(people).toEqual([
      { id: people[0]?.id, name: '赵建国', sex: 'male', birth_on: '1956-03-12', medical_record_number: final.patients[0].mrn },
    ])
    const phones = await house.inside((ctx) => phonesOf(ctx, people[0]?.id ?? ''))
    expect(phones.map((p) => [p.relation, p.name])).toEqual([
      ['self', null],
      ['self', null],
      ['son', final.patients[0].kin.name],
    ])
    const visits = await house.sql<Record<string, unknown>>(
      `select e.number, e.class, e.status, w.name as ward, e.room, e.bed, d.number as attending, d.name as attending_name, n.number as nurse, n.name as nurse_name,
        e.admitted_at, e.discharged_at, e.disposition, e.payer, e.identity_class, e.nursing_level, e.condition, e.ever_critical, e.ever_serious,
        e.ever_special_nursing, e.ever_level_one, e.length_of_stay_days, e.main_diagnosis_code
       from encounters.cards e left join staff.unit_cards w on w.id = e.ward_id left join staff.person_cards d on d.id = e.attending_id
       left join staff.person_cards n on n.id = e.nurse_id`,
      [],
    )
    const [wanted] = final.visits
    expect(visits).toEqual([
      {
        number: wanted.visit, class: 'inpatient', status: wanted.status, ward: wanted.ward, room: wanted.room, bed: wanted.bed,
        attending: wanted.attending[0], attending_name: wanted.attending[1], nurse: wanted.responsibleNurse[0], nurse_name: wanted.responsibleNurse[1],
        admitted_at: new Date(`${wanted.admit}+08:00`), discharged_at: new Date(`${wanted.discharge}+08:00`), disposition: wanted.disposition.split('^')[0],
        payer: wanted.payer, identity_class: wanted.identity, nursing_level: wanted.nursing, condition: wanted.condition, ever_critical: true, ever_serious: true,
        ever_special_nursing: true, ever_level_one: true, length_of_stay_days: wanted.lengthOfStayDays, main_diagnosis_code: wanted.diagnoses[0].code,
      },
    ]) // biome-ignore format: the final state, side by side
  })
}
