import { randomBytes } from 'node:crypto'
import { applyEncounterFacts, applyRecords, type RecordFacts } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { applyPatientFacts } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import { findQuestionnaireByKey, recordResponse } from '@renxin/surveys'
import { smallestSample } from '@renxin/surveys/contract'
import type { Ask, Mark, Units } from './realms.ts'

type Inside = <T>(work: (ctx: Context) => Promise<T>) => Promise<T>

const aspects = 'doctor-talk nurse-talk response pain medicines admission discharge surroundings food relatives overall'.split(' ')
const well = {
  recovery: ['good'],
  pain: ['none'],
  fever: ['none'],
  wound: ['healing'],
  medication: ['as-told'],
  'eating-sleep': ['well'],
  'self-care': ['none'],
  revisit: ['arranged'],
  guidance: ['all'],
}
const DAY = 86_400_000
const pdf = (word: string) => Buffer.from(`%PDF-1.7\n% ${word}\n%%EOF`)

/** A patient of one department with everything that can hang on one: stays, records, calls, answers, a complaint with evidence, a request by right. */
export async function fillCare(inside: Inside, ask: Ask, now: Date, mark: Mark, units: Units, settle: () => Promise<void>): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * DAY)
  const { word } = mark
  const note = `${word} 病情说明`
  const [patientId = '', twinId = '', mergedId = ''] = await inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        identifiers: [{ system: 'HIS', type: 'MR', value: `${word}1` }],
        sourceAt: ago(3),
        name: mark.name,
        sex: 'male',
        birthOn: '1960-01-02',
        identityCard: mark.identityCard,
        payer: `${word}医保`,
        address: { full: `${word}路1号`, district: `${word}区` },
        phones: [{ number: mark.phone }],
        kin: [{ name: mark.kin, relation: 'son', phones: [{ number: mark.kinPhone }] }],
        allergies: [{ code: null, name: `${word}青霉素`, kind: 'drug', severity: 'severe', reaction: null }],
      },
      {
        identifiers: [{ system: 'HIS', type: 'MR', value: `${word}2` }],
        sourceAt: ago(3),
        name: mark.twin,
        sex: 'male',
        birthOn: '1960-01-02',
        phones: [{ number: mark.phone }],
      },
      {
        identifiers: [{ system: 'HIS', type: 'MR', value: `${word}3` }],
        sourceAt: ago(3),
        name: mark.twin,
        sex: 'male',
        birthOn: '1960-01-02',
      },
    ]),
  )
  await inside((ctx) =>
    sql`insert into patients.unusual_looks (id, rule, on_day, actor_id, actor_name, patient_id, why, first_at, last_at, looks, found_at, changed_at)
        values (${newId()}, 'unrelated', ${ctx.clock.today()}, ${newId()}, '某员工', ${patientId}, '{"by": "unrelated"}', ${ago(0)}, ${ago(0)}, 1, ${ago(0)}, ${ago(0)})`.execute(
      ctx.db,
    ),
  )
  const place = { departmentCode: units.departmentCode, wardCode: units.wardCode }
  const visit = { class: 'inpatient', ...place, bed: `${word}床`, attending: { number: units.personNumber } } as const
  const [stayId = ''] = await inside((ctx) =>
    applyEncounterFacts(ctx, [
      {
        number: `${word}V1`,
        patientId,
        event: 'admit',
        sourceAt: ago(6),
        admittedAt: ago(6),
        ...visit,
        diagnoses: [{ code: 'I21', name: `${word}诊断`, system: null, type: 'final', rank: 1 }],
      },
      { number: `${word}V1`, patientId, event: 'discharge', sourceAt: ago(2), dischargedAt: ago(2), summary: `${word}出院小结` },
      { number: `${word}V2`, patientId: twinId, event: 'admit', sourceAt: ago(1), admittedAt: ago(1), ...visit },
      { number: `${word}V3`, patientId: mergedId, event: 'admit', sourceAt: ago(9), admittedAt: ago(9), ...visit },
      { number: `${word}V4`, patientId, event: 'register', sourceAt: ago(8), admittedAt: ago(8), class: 'checkUp', ...place },
    ]),
  )
  await inside((ctx) => applyRecords(ctx, recordsOf(word, patientId, ago)))
  await settle()

  await ask('patients.merge', { patientId, retiredId: mergedId, reason: '同一人' })
  await inside((ctx) =>
    sql`insert into patients.conflicts (id, patient_id, said_patient_id, other_id, said_other_id, cause, seen_at)
    values (gen_random_uuid(), ${patientId}, ${patientId}, ${twinId}, ${twinId}, 'numbers', now())`.execute(ctx.db),
  )
  await ask('patients.addCaution', { patientId, id: newId(), kind: 'other', text: note })
  const kinPerson = newId()
  await ask('patients.savePerson', { id: kinPerson, kind: 'family', name: mark.kin, phone: mark.kinPhone, note })
  await ask('patients.tiePerson', { personId: kinPerson, patientId, relation: 'son' })
  await ask('patients.recordRight', { id: newId(), patientId, kind: 'copy', asker: 'patient', proof: 'identityCard', details: note })

  const complaint = newId()
  await ask('feedback.record', {
    id: complaint,
    kind: 'complaint',
    text: note,
    patientId,
    encounterId: stayId,
    source: 'call',
    speakerName: mark.kin,
    speakerPhone: mark.kinPhone,
    unitIds: [units.wardId],
    personIds: [units.personId],
  })
  await ask('feedback.assign', { id: complaint, unitIds: [units.wardId], note })
  await ask('feedback.addRectification', {
    id: complaint,
    rectificationId: newId(),
    unitId: units.wardId,
    measure: note,
    responsibleId: units.personId,
    dueOn: '2026-09-30',
  })
  await ask('feedback.record', {
    id: newId(),
    kind: 'praise',
    text: note,
    patientId,
    encounterId: stayId,
    source: 'call',
    unitIds: [units.wardId],
  })
  await ask('files.attach', {
    id: newId(),
    aboutKind: 'feedback.complaint',
    aboutId: complaint,
    name: `${word}.txt`,
    base64: Buffer.from(note).toString('base64'),
  })

  const called = newId()
  const unwell = (words: string) => ({ ...well, discomfort: ['yes'], 'discomfort-text': [words] })
  await inside(async (ctx) => {
    const questionnaire = await findQuestionnaireByKey(ctx, 'inpatient-satisfaction')
    const versionId = questionnaire?.currentVersionId ?? ''
    const answers = { ...Object.fromEntries(aspects.map((aspect) => [aspect, ['5']])), remarks: [note] }
    for (let i = 0; i < smallestSample; i++)
      await recordResponse(ctx, {
        id: newId(),
        versionId,
        patientId,
        encounterId: stayId,
        answers,
        channel: 'phone',
        respondent: 'patient',
      })
    const recovery = await findQuestionnaireByKey(ctx, 'recovery')
    await recordResponse(ctx, {
      id: called,
      versionId: recovery?.currentVersionId ?? '',
      patientId,
      encounterId: stayId,
      answers: unwell(`${note} 胸痛`), // calls for a doctor
      channel: 'phone',
      respondent: 'patient',
    })
  })
  await settle()
  const { rows: tasks } = await inside((ctx) =>
    sql<{ id: string }>`select id from followups.tasks where patient_id = ${patientId} and is_open order by id`.execute(ctx.db),
  )
  await ask('followups.urge', { ids: tasks.map((t) => t.id), note: `${word}催` })
  const done = tasks.at(-1)?.id ?? ''
  await inside((ctx) =>
    sql`update followups.tasks set status = 'done', outcome = 'reached', response_id = ${called}::uuid, closed_at = ${now}, closed_on = ${ctx.clock.today()} where id = ${done}::uuid`.execute(
      ctx.db,
    ),
  )
  await inside((ctx) =>
    sql`insert into followups.bulks (id, status, among, among_names, total, started_by, started_by_name, started_at, finished_at)
        values (${newId()}, 'done', '{}', '{}', 0, ${newId()}, ${word}, ${now}, ${now})`.execute(ctx.db),
  )
  await inside((ctx) =>
    sql`insert into followups.quality_checks (id, task_id, patient_id, department_id, ward_id, owner_id, owner_name, version_id, answers, points, most, remarks,
                                                checked_at, checked_on, checked_by, checked_by_name)
        select ${newId()}, t.id, patient_id, department_id, ward_id, ${newId()}, ${mark.kin}, q.current_version_id, '{}', 1, 2, ${note}, ${now}, ${ctx.clock.today()}, ${newId()}, ${word}
          from followups.tasks t, surveys.questionnaires q where t.id = ${done}::uuid and q.key = 'call-quality'`.execute(ctx.db),
  )
  const corrected = { formerId: called, responseId: newId(), answers: unwell(`${note} 还是胸痛`) }
  await ask('followups.correctTask', { id: done, reason: `${word}核对`, ...corrected })
}

function recordsOf(word: string, patientId: string, ago: (days: number) => Date): RecordFacts[] {
  const of = (number: string) => ({ source: 'LIS', number: `${word}${number}`, sourceAt: ago(4), patientId, visitNumber: `${word}V1` })
  const file = { name: `${word}.pdf`, type: 'application/pdf', bytes: Buffer.concat([pdf(word), randomBytes(8)]) }
  const item = { code: 'K', name: `${word}钾`, value: '7.1', amount: 7.1, unit: 'mmol/L', range: '3.5-5.3', flag: 'HH', observedAt: ago(4) }
  return [
    {
      ...of('R1'),
      is: 'report',
      kind: 'laboratory',
      status: 'final',
      title: `${word}检验`,
      observedAt: ago(4),
      reportedAt: ago(4),
      items: [item],
      conclusion: `${word}结论`,
      file,
      accessionNumber: `${word}A`,
      studyUid: '1.2.3',
    },
    {
      ...of('R2'),
      is: 'report',
      kind: 'imaging',
      status: 'final',
      title: `${word}超声`,
      observedAt: ago(4),
      findings: `${word}所见`,
      file,
    },
    { ...of('D1'), is: 'document', status: 'current', title: `${word}文书`, writtenAt: ago(4), text: `${word}正文`, file },
    { ...of('O1'), is: 'order', kind: 'medication', status: 'active', name: `${word}医嘱`, orderedAt: ago(4), instruction: `${word}用法` },
    { ...of('C1'), is: 'charge', kind: 'charge', status: 'current', name: `${word}费用`, amountCents: 12_300, chargedAt: ago(4) },
    { ...of('B1'), is: 'booking', status: 'booked', name: `${word}预约`, reason: `${word}原因`, startsAt: ago(-1), place: `${word}诊室` },
    { ...of('P1'), is: 'procedure', status: 'current', name: `${word}手术`, performedAt: ago(4) },
    {
      ...of('U1'),
      visitNumber: `${word}V4`,
      is: 'document',
      status: 'current',
      title: `${word}总检`,
      writtenAt: ago(7),
      text: `${word}总检结论`,
    },
  ]
}
