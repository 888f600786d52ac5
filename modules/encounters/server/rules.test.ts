import { wallTime } from '@renxin/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EncounterEvent } from './facts.ts'
import { newsOf } from './news.ts'
import { type EncounterState, type Fact, foldEncounter, lengthOfStay, type Said } from './rules.ts'

const inShanghai = (at: Date) => wallTime(at, 'Asia/Shanghai').slice(0, 10)
const fold = (facts: Fact[]) => foldEncounter(facts, inShanghai)
const patientId = '01990000-0000-7000-8000-000000000001'
const cardiology = '01990000-0000-7000-8000-0000000000c1'
const intensive = '01990000-0000-7000-8000-0000000000c2'

/** A statement made at a wall time of the hospital, `02 08:05` of November 2025. */
const at = (time: string) => new Date(`2025-11-${time.replace(' ', 'T')}:00+08:00`).toISOString()
const say = (event: EncounterEvent, time: string, said: Partial<Said> = {}): Fact => ({
  event,
  sourceAt: at(time),
  said: { patientId, class: 'inpatient', ...said },
})

const admit = say('admit', '01 09:30', {
  wardId: cardiology,
  room: '0312',
  bed: '12床',
  nursingLevel: '二级',
  condition: '一般',
  admittedAt: at('01 09:30'),
  diagnoses: [{ code: 'I20.000', name: '不稳定型心绞痛', system: 'ICD10CN', type: 'admission', rank: 1 }],
})
const worse = say('update', '02 08:05', { nursingLevel: '一级', condition: '病重' })
const toIntensive = say('transfer', '04 10:15', {
  wardId: intensive,
  room: 'ICU1',
  bed: '03床',
  nursingLevel: '特级',
  condition: '病危',
  occurredAt: at('04 10:10'),
})
const back = say('transfer', '06 15:00', { wardId: cardiology, room: '0312', bed: '12床', nursingLevel: '一级', condition: '一般' })
const home = say('discharge', '10 16:00', {
  nursingLevel: '二级',
  dischargedAt: at('10 16:00'),
  disposition: '1',
  diagnoses: [
    { code: 'I21.401', name: '急性非ST段抬高型心肌梗死', system: 'ICD10CN', type: 'final', rank: 1 },
    { code: 'I10.x00', name: '原发性高血压', system: 'ICD10CN', type: 'final', rank: 2 },
  ],
})
const journey = [admit, worse, toIntensive, back, home]

describe('a stay', () => {
  test('adds up to its last place, its dates, and what it ever was', () => {
    const stay = fold(journey)

    expect(stay).toMatchObject({
      status: 'discharged', wardId: cardiology, room: '0312', bed: '12床', nursingLevel: '二级', condition: '一般',
      everCritical: true, everSerious: true, everSpecialNursing: true, everLevelOne: true,
      dischargedOn: '2025-11-10', disposition: '1', lengthOfStayDays: 9,
      mainDiagnosisCode: 'I21.401', mainDiagnosisName: '急性非ST段抬高型心肌梗死',
    }) // biome-ignore format: by line of the form
  })

  test('keeps the wards one after the other, each until the next begins', () => {
    const { stays } = fold(journey)

    expect(stays.map((s) => [s.wardId, s.bed, s.fromAt, s.toAt])).toEqual([
      [cardiology, '12床', at('01 09:30'), at('04 10:10')],
      [intensive, '03床', at('04 10:10'), at('06 15:00')],
      [cardiology, '12床', at('06 15:00'), at('10 16:00')],
    ])
  })

  test('keeps each change of nursing level and of condition with the moment from which it held', () => {
    const { levels } = fold(journey)

    expect(levels.filter((l) => l.kind === 'nursingLevel').map((l) => l.value)).toEqual(['二级', '一级', '特级', '一级', '二级'])
    expect(levels.find((l) => l.value === '病危')?.fromAt).toBe(at('04 10:10'))
  })

  test('is known by its final diagnoses and still knows with what he came', () => {
    const { diagnoses } = fold(journey)

    expect(diagnoses.map((d) => [d.type, d.rank, d.code, d.isCurrent])).toEqual([
      ['admission', 1, 'I20.000', false],
      ['final', 1, 'I21.401', true],
      ['final', 2, 'I10.x00', true],
    ])
  })
})

describe('messages out of order', () => {
  test('every order and every doubling of a stay’s messages ends in the same state', () => {
    const coded = say('update', '12 09:00', {
      diagnoses: [{ code: 'I21.400', name: '心肌梗死', system: 'ICD10CN', type: 'final', rank: 1 }],
    })
    const recalled = say('cancelDischarge', '10 17:00')
    const again = say('discharge', '11 10:00', { dischargedAt: at('11 10:00'), disposition: '1' })
    const wrongMove = say('transfer', '07 08:00', { wardId: intensive, bed: '01床' })
    const unmoved = say('cancelTransfer', '07 09:00', { wardId: cardiology, room: '0312', bed: '12床' })
    const all = [...journey, coded, recalled, again, wrongMove, unmoved]
    const expected = fold(all)

    const orders = fc.shuffledSubarray(all, { minLength: all.length }).chain((order) =>
      fc.array(fc.tuple(fc.constantFrom(...all), fc.nat(20)), { maxLength: 8 }).map((twice) => {
        const heard = [...order]
        for (const [fact, where] of twice) heard.splice(where % (heard.length + 1), 0, fact)
        return heard
      }),
    )

    fc.assert(
      fc.property(orders, (heard) => {
        expect(fold(heard)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  test('a discharge that was heard before its admission is the same stay', () => {
    expect(fold([home, admit])).toEqual(fold([admit, home]))
  })

  test('an update from before the discharge that comes after it changes nothing but the history', () => {
    const late = say('update', '09 08:00', { condition: '病重', bed: '13床' })

    expect(fold([...journey, late])).toMatchObject({ status: 'discharged', condition: '病重', dischargedOn: '2025-11-10', bed: '13床' })
  })

  test('a discharge alone is a stay without a beginning', () => {
    expect(fold([say('discharge', '10 16:00', { wardId: cardiology })])).toMatchObject({
      status: 'discharged',
      wardId: cardiology,
      dischargedOn: '2025-11-10',
    })
  })
})

describe('what is taken back', () => {
  test('a cancelled admission is cancelled, whatever is still said about it, until he is admitted again', () => {
    const cancelled = [admit, say('cancelAdmit', '01 10:00'), say('update', '01 11:00', { bed: '14床' })]

    expect(fold(cancelled)).toMatchObject({ status: 'cancelled', dischargedOn: null })
    expect(fold([...cancelled, say('admit', '01 12:00')])).toMatchObject({ status: 'inProgress' })
  })

  test('a recalled discharge leaves no date and no disposition, and he lies in his ward again', () => {
    const recalled = fold([...journey, say('cancelDischarge', '10 17:00')])

    expect(recalled).toMatchObject({
      status: 'inProgress',
      dischargedAt: null,
      dischargedOn: null,
      disposition: null,
      lengthOfStayDays: null,
      wardId: cardiology,
    })
    expect(recalled.stays.at(-1)?.toAt).toBeNull()
  })

  test('a discharge after the recalled one stands', () => {
    const facts = [
      ...journey,
      say('cancelDischarge', '10 17:00'),
      say('discharge', '12 09:00', { dischargedAt: at('12 09:00'), disposition: '4' }),
    ]

    expect(fold(facts)).toMatchObject({ status: 'discharged', dischargedOn: '2025-11-12', disposition: '4', lengthOfStayDays: 11 })
  })

  test('an old discharge time that an update repeats after the recall does not discharge him', () => {
    const facts = [
      ...journey,
      say('cancelDischarge', '10 17:00'),
      say('update', '10 18:00', { dischargedAt: at('10 16:00'), disposition: '1' }),
    ]

    expect(fold(facts)).toMatchObject({ status: 'inProgress', dischargedAt: null, disposition: null })
  })

  test('a transfer that was taken back leaves no stay behind', () => {
    const { stays, wardId, bed } = fold([
      admit,
      toIntensive,
      say('cancelTransfer', '04 11:00', { wardId: cardiology, room: '0312', bed: '12床' }),
    ])

    expect([stays.length, wardId, bed]).toEqual([1, cardiology, '12床'])
  })

  test('an admission said again after the discharge does not open it', () => {
    expect(fold([...journey, say('admit', '11 09:00', { wardId: cardiology })])).toMatchObject({ status: 'discharged' })
  })
})

describe('what is not said', () => {
  test('stays as it was; what is deleted goes', () => {
    const stay = fold([admit, say('update', '02 09:00', { bed: null, payer: undefined, condition: null })])

    expect(stay).toMatchObject({ wardId: cardiology, bed: null, condition: null, nursingLevel: '二级' })
  })

  test('who gives up the bed at discharge still counts for the ward', () => {
    expect(fold([admit, say('discharge', '10 16:00', { wardId: null, room: null, bed: null })])).toMatchObject({
      wardId: cardiology,
      bed: '12床',
    })
  })

  test('a new ward without a bed has none of the old ward’s beds', () => {
    expect(fold([admit, say('transfer', '03 09:00', { wardId: intensive })])).toMatchObject({ wardId: intensive, room: null, bed: null })
  })
})

describe('a stay that is announced', () => {
  const announced = say('preadmit', '01 08:00', { wardId: cardiology, bed: '5床', admittedAt: at('03 09:00') })
  const begun = say('admit', '03 10:00')

  test('is planned, for the day that was named, and lies nowhere yet', () => {
    expect(fold([announced])).toMatchObject({
      status: 'planned',
      openedAt: at('03 09:00'),
      admittedAt: null,
      wardId: cardiology,
      stays: [],
    })
  })

  test('begins when he is admitted, in the bed that was kept for him', () => {
    const stay = fold([announced, say('update', '02 08:00', { admittedAt: at('03 09:30') }), begun])

    expect(stay).toMatchObject({ status: 'inProgress', admittedAt: at('03 10:00'), bed: '5床' })
    expect(stay.stays.map((s) => [s.bed, s.fromAt])).toEqual([['5床', at('03 10:00')]])
  })

  test('is called off, and may be announced again', () => {
    const off = say('cancelPreadmit', '02 08:00')

    expect(fold([announced, off]).status).toBe('cancelled')
    expect(fold([announced, off, say('preadmit', '02 09:00')]).status).toBe('planned')
  })

  test('is not called off any more once it has begun', () => {
    expect(fold([announced, begun, say('cancelPreadmit', '03 11:00')]).status).toBe('inProgress')
  })
})

describe('a change of class', () => {
  test('makes a stay of an emergency, whatever class is sent with it', () => {
    const visit = [
      say('register', '01 08:00', { class: 'emergency' }),
      say('toInpatient', '01 12:00', { class: 'emergency', wardId: cardiology }),
    ]

    expect(fold(visit)).toMatchObject({ class: 'inpatient', status: 'inProgress', wardId: cardiology })
  })

  test('makes an out-patient of a stay, and says so to those who planned for the stay', () => {
    const visit = [admit, say('toOutpatient', '01 12:00')]

    expect(fold(visit)).toMatchObject({ class: 'outpatient', status: 'inProgress' })
    expect(newsOf(fold([admit]), fold(visit))).toEqual(['registered', 'corrected'])
  })
})

describe('leave', () => {
  const out = say('leave', '02 08:00')

  test('lasts until he returns, and is over with the stay', () => {
    expect(fold([admit, out]).onLeaveSince).toBe(at('02 08:00'))
    expect(fold([admit, out, say('return', '03 08:00')]).onLeaveSince).toBeNull()
    expect(fold([admit, out, home]).onLeaveSince).toBeNull()
  })

  test('and return can be taken back', () => {
    expect(fold([admit, out, say('cancelLeave', '02 09:00')]).onLeaveSince).toBeNull()
    expect(fold([admit, out, say('return', '03 08:00'), say('cancelReturn', '03 09:00')]).onLeaveSince).toBe(at('02 08:00'))
  })
})

test('a visit of an out-patient is in progress from its registration', () => {
  expect(fold([say('register', '03 08:40', { class: 'outpatient' })])).toMatchObject({
    class: 'outpatient',
    status: 'inProgress',
    admittedAt: at('03 08:40'),
  })
})

test('the length of a stay is the difference of its days, and never less than one', () => {
  expect(lengthOfStay('2025-11-01', '2025-11-10')).toBe(9)
  expect(lengthOfStay('2025-11-01', '2025-11-01')).toBe(1)
  // In at 23:30 and out at 00:30 by the hospital's clock: two days of the calendar, whatever day it is in Greenwich.
  expect(fold([say('admit', '01 23:30'), say('discharge', '03 00:30')])).toMatchObject({ dischargedOn: '2025-11-03', lengthOfStayDays: 2 })
})

describe('news', () => {
  const news = (...facts: Fact[]) => facts.map((_, i) => newsOf(i === 0 ? undefined : fold(facts.slice(0, i)), fold(facts.slice(0, i + 1))))

  test('each real change is told once, a repetition never', () => {
    expect(news(admit, admit, worse, toIntensive, toIntensive, back, home, home)).toEqual([
      ['admitted'],
      [],
      [],
      ['transferred'],
      [],
      ['transferred'],
      ['discharged'],
      [],
    ])
  })

  test('a stay heard of only at its end is told whole', () => {
    expect(news(home, admit)).toEqual([['admitted', 'discharged'], ['corrected']])
  })

  test('what is taken back is told', () => {
    expect(news(admit, home, say('cancelDischarge', '10 17:00'), say('cancelAdmit', '10 18:00'))).toEqual([
      ['admitted'],
      ['discharged'],
      ['dischargeCancelled'],
      ['cancelled'],
    ])
  })

  test('late coding of a discharged stay is a correction', () => {
    const coded = say('update', '12 09:00', { diagnoses: [{ code: 'I25.103', name: '冠心病', system: 'ICD10CN', type: 'final', rank: 1 }] })

    expect(news(...journey, coded).at(-1)).toEqual(['corrected'])
  })

  test('a visit that goes on tells when it is another department’s, doctor’s or diagnosis’s; of a stay only when it began', () => {
    const visit = { class: 'outpatient' as const }
    const came = say('register', '01 08:00', { ...visit, departmentId: cardiology })
    const diagnosed = say('update', '01 09:00', {
      ...visit,
      diagnoses: [{ code: 'I10', name: '高血压', system: null, type: 'working', rank: 1 }],
    })
    const paid = say('update', '01 09:30', { ...visit, payer: '自费' })
    const moved = say('update', '01 10:00', { ...visit, departmentId: intensive })

    expect(news(came, diagnosed, paid, moved)).toEqual([['registered'], ['restated'], [], ['restated']])
    expect(
      news(admit, say('update', '01 11:00', { attendingId: intensive }), say('update', '01 12:00', { admittedAt: at('01 07:00') })),
    ).toEqual([['admitted'], [], ['restated']])
  })

  test('a visit that becomes a stay is an admission', () => {
    expect(news(say('register', '01 08:00', { class: 'emergency' }), admit)).toEqual([['registered'], ['admitted']])
  })

  test('an admission that was never heard of is cancelled in silence', () => {
    const nothing: EncounterState | undefined = undefined
    expect(newsOf(nothing, fold([admit, say('cancelAdmit', '01 10:00')]))).toEqual([])
  })
})
