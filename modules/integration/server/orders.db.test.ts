import { encounters } from '@renxin/encounters'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importSender, ingest, integration, readFrame } from './index.ts'
import { messageOf, profileOfTest, type Said } from './stay-of-test.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
await house.inside((ctx) => importSender(ctx, profileOfTest, { application: 'HIS', facility: '甲院' }))

/** `priorVisit`: everything before was said under another number. */
type Part = Pick<Said, 'event' | 'sentAt'> & Partial<Omit<Said, 'priorVisit'>> & { priorVisit?: true }
/** Stays as they are: admitted, worse, moved, discharged, recalled, discharged again, coded late; and one that was cancelled. */
const stays: Record<string, Part[]> = {
  'discharged, recalled and discharged again': [
    { event: 'A01', sentAt: '20251101093012', ward: '内科', bed: '3', nursing: '3', kin: '钱小多' },
    { event: 'A08', sentAt: '20251102080500', ward: '内科', bed: '3', nursing: '2' },
    { event: 'A02', sentAt: '20251104101500', ward: '重症', bed: '1', nursing: '1' },
    { event: 'A03', sentAt: '20251110160020', ward: '重症', bed: '1', nursing: '3', discharge: '20251110160000' },
    { event: 'A13', sentAt: '20251110170000', ward: '重症', bed: '1' },
    { event: 'A02', sentAt: '20251111080000', ward: '内科', bed: '5', phone: '13900000199' },
    { event: 'A03', sentAt: '20251112160020', ward: '内科', bed: '5', nursing: '3', discharge: '20251112160000' },
    { event: 'A08', sentAt: '20251114090000', name: '钱多', discharge: '20251112155500' },
  ],
  'announced, admitted, on leave, renamed, discharged': [
    { event: 'A05', sentAt: '20251030100000', ward: '内科', bed: '1' },
    { event: 'A01', sentAt: '20251101093012', ward: '内科', bed: '2', nursing: '3' },
    { event: 'A21', sentAt: '20251102080500', ward: '内科', bed: '2' },
    { event: 'A22', sentAt: '20251103080500', ward: '内科', bed: '2' },
    { event: 'A50', sentAt: '20251104101500', priorVisit: true },
    { event: 'A16', sentAt: '20251105080000', ward: '内科', bed: '2', discharge: '20251106160000' },
    { event: 'A03', sentAt: '20251106160020', ward: '内科', bed: '2', nursing: '2', discharge: '20251106160000' },
  ],
  'to be moved and to go home, called off and planned again': [
    { event: 'A01', sentAt: '20251101093012', ward: '内科', bed: '3' },
    { event: 'A15', sentAt: '20251102080000', ward: '重症', bed: '1' },
    { event: 'A26', sentAt: '20251102090000', ward: '内科', bed: '3' },
    { event: 'A16', sentAt: '20251105080000', ward: '内科', bed: '3' },
    { event: 'A25', sentAt: '20251105090000', ward: '内科', bed: '3' },
    { event: 'A15', sentAt: '20251106080000', ward: '外科', bed: '2' },
    { event: 'A16', sentAt: '20251106090000', ward: '内科', bed: '3' },
  ],
  'announced and called off': [
    { event: 'A05', sentAt: '20251030100000', ward: '内科', bed: '1' },
    { event: 'A08', sentAt: '20251030110000', ward: '内科', bed: '2' },
    { event: 'A38', sentAt: '20251031090000', ward: '内科', bed: '2' },
  ],
  'cancelled after a move': [
    { event: 'A01', sentAt: '20251101093012', ward: '内科', bed: '3', nursing: '3' },
    { event: 'A02', sentAt: '20251101094000', ward: '外科', bed: '8' },
    { event: 'A08', sentAt: '20251101094500', ward: '外科', bed: '9', nursing: '2' },
    { event: 'A11', sentAt: '20251101100000', ward: '外科', bed: '9' },
  ],
}

let run = 0
async function stateAfter(parts: readonly Part[], order: readonly number[], batchSize: number): Promise<unknown> {
  run += 1
  const own = { record: `O${run}`, visit: `OV${run}` }
  const renamed = parts.findIndex((p) => p.priorVisit)
  const texts = parts.map(({ priorVisit, ...p }, i) =>
    messageOf({
      ...own,
      ...(i < renamed && { visit: `OLD${run}` }),
      ...(priorVisit && { priorVisit: `OLD${run}` }),
      controlId: `${run}-${i}`,
      ...p,
    }),
  )
  for (let at = 0; at < order.length; at += batchSize) {
    const batch = order.slice(at, at + batchSize).flatMap((i) => readFrame(Buffer.from(texts[i] ?? '')))
    await house.inside((ctx) => ingest(ctx, batch))
  }
  const visit = await house.sql(
    `select class, status, w.name as ward, room, bed, nursing_level, ever_level_one, ever_special_nursing, admitted_at, discharged_at, disposition, length_of_stay_days,
            n.name as next_ward, e.next_bed, e.discharge_planned_since, e.transfer_planned_since
     from encounters.cards e left join staff.unit_cards w on w.id = e.ward_id left join staff.unit_cards n on n.id = e.next_ward_id where e.number = $1`,
    [own.visit],
  )
  const person = await house.sql('select p.name, p.sex, p.birth_on, p.bed from patients.patients p where p.medical_record_number = $1', [
    own.record,
  ])
  const phones = await house.sql(
    `select c.relation, c.name, c.is_former, encode(c.phone_index, 'hex') as phone from patients.contacts c
     join patients.patients p on p.id = c.patient_id where p.medical_record_number = $1 order by 1, 4`,
    [own.record],
  )
  const stayed = await house.sql(
    `select w.name as ward, s.bed, s.from_at, s.to_at from encounters.stays s join encounters.encounters e on e.id = s.encounter_id
     left join staff.units w on w.id = s.ward_id where e.number = $1 order by s.from_at`,
    [own.visit],
  )
  return { visit, person, phones, stayed }
}

test.each(Object.entries(stays))(
  'whatever the order and however often the messages come, the stay ends the same: %s',
  async (_, parts) => {
    const right = parts.map((_, i) => i)
    const wanted = await stateAfter(parts, right, parts.length)
    const last = parts.at(-1)?.event ?? ''
    const isCancelled = ['A11', 'A38'].includes(last)
    const status = last === 'A16' ? 'inProgress' : isCancelled ? 'cancelled' : 'discharged'
    expect(wanted).toMatchObject({ visit: [{ status, ...(last === 'A16' && { ward: '内科', next_ward: '外科', next_bed: '2' }) }] })

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(right, { minLength: right.length }),
        fc.array(fc.nat(right.length - 1), { maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        async (order, doubled, batchSize) => {
          expect(await stateAfter(parts, [...order, ...doubled], batchSize)).toEqual(wanted)
        },
      ),
      { numRuns: 25, endOnFailure: true },
    )
  },
  60_000,
)
