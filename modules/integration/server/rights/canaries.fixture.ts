import { access } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { feedbackApi } from '@renxin/feedback/contract'
import type { Resource } from '@renxin/fhir'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { followupsApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { fieldsApi, overviewApi, patientsApi, peopleApi, segmentsApi } from '@renxin/patients/contract'
import { openText } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { currentVersion, findQuestionnaireByKey, recordResponse, surveys } from '@renxin/surveys'
import { importsApi } from '../../imports-contract.ts'
import { writeAll } from '../fhir/write.ts'
import { workOnce } from '../imports/loop.ts'
import { ingest, integration, readFrame } from '../index.ts'

/** What must be nowhere after an erasure: through every door something of its own. */
export const mustGo = {
  phone: '13911110001', kinPhone: '13911110002', kinName: '雀甲儿', street: '雀乙路九号', job: '雀丙工', marital: '雀丁婚', payer: '雀戊付',
  handPhone: '13911110003', personName: '雀己姐', personPhone: '13911110004', personNote: '雀庚注', caution: '雀辛慎', field: '雀壬填', secret: '雀癸密',
  markReason: '雀子因', imported: '13911110005', importedStreet: '雀丑街', fhirPhone: '13911110006', fhirStreet: '雀寅巷', praise: '雀卯赞',
  speaker: '雀辰言', speakerPhone: '13911110007', note: '雀巳记', draft: '雀午稿', answer: '雀未答', details: '雀申求', segmentName: 'ZDY雀酉',
  language: '雀戌语', religion: '雀亥教', birthPlace: '雀天地', payerPhone: '13911110008', payerName: '雀地保',
} as const // biome-ignore format: a list

/** What must stay: who it is, what was found, and what was complained of. */
export const mayStay = { name: '雀大山', diagnosis: '雀诊断', report: '雀报告', complaint: '雀投诉' } as const

export const RECORD = 'QUE001'
const VISIT = 'QUEV1'

const unsaid = { patch: undefined, fullUrl: undefined, ifMatch: undefined, ifNoneMatch: undefined, search: undefined }

export async function openCage() {
  const rooms = [staff, access, files, patients, encounters, surveys, feedback, followups, integration]
  const house = await openHouse(rooms, { now: '2026-08-30T09:00+08:00', prepare: true }) // the programmes count from here
  house.setNow('2026-09-04T09:00+08:00')
  const clerk = house.who(
    'patients.read', 'patients.names', 'patients.edit', 'patients.manage', 'patients.unmask', 'patients.rights', 'integration.import', 'feedback.record',
    'followups.work', 'followups.read', 'followups.assign', { name: '陈静' },
  ) // biome-ignore format: a list
  const chief = house.who('patients.read', 'patients.names', 'patients.rights', 'patients.erase', { name: '周主任' })
  const send = (text: string) => house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))

  const put = (resource: Resource & { id: string }) =>
    house.inside((ctx) =>
      writeAll(ctx, { base: '', dayStart: (day) => ctx.clock.at(day) }, [
        { ...unsaid, position: 0, method: 'PUT', type: resource.resourceType, id: resource.id, resource },
      ]),
    )
  return { house, clerk, chief, send, put }
}
export type Cage = Awaited<ReturnType<typeof openCage>>

const head = (event: string, at: string, id: string) =>
  `MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^${event}|${id}|P|2.5|||||UNICODE UTF-8\rEVN|${event}|${at}`
/** A message of the hospital's system about this person, with everything that it likes to say. */
export const said = (event: string, at: string, id: string, { record = RECORD, name = mayStay.name as string, visit = '' } = {}) =>
  [
    head(event, at, id),
    `PID|1||${record}^^^HIS^MR||${name}||19600102|M|||${mustGo.street}^^杭州^浙江||${mustGo.phone}^PRN^CP||${mustGo.language}|${mustGo.marital}|${mustGo.religion}||||||${mustGo.birthPlace}`,
    `NK1|1|${mustGo.kinName}|SON^儿子||${mustGo.kinPhone}`,
    `GT1|1||${mustGo.payerName}|||${mustGo.payerPhone}|||||BRO^兄`,
    ...(visit
      ? [
          `PV1|1|I|W1^^12床||||||||||||||||${visit}|||||||||||||||||||||||||20260901093000|${event === 'A03' ? '20260903100000' : ''}`,
          `DG1|1||I10^${mayStay.diagnosis}^ICD10|||F`,
        ]
      : []),
  ].join('\r')

/** One person, of whom something was put in by every door; answers the file. */
export async function fill({ house, clerk, send, put }: Cage): Promise<string> {
  await send(said('A01', '20260901093000', 'Q1', { visit: VISIT }))
  await send(said('A03', '20260903100000', 'Q2', { visit: VISIT }))
  await send(
    [head('R01', '20260903110000', 'Q3').replace('ADT^R01', 'ORU^R01').split('\r')[0], `PID|1||${RECORD}^^^HIS^MR||${mayStay.name}`,
     `OBR|1||LAB1|BIO^${mayStay.report}|||20260903105000`, 'OBX|1|NM|K^钾||4.1|mmol/L|3.5-5.3|N|||F'].join('\r'),
  ) // biome-ignore format: a message
  const [{ id = '' } = {}] = await house.sql<{ id: string }>('select id from patients.cards where medical_record_number = $1', [RECORD])
  await byHand(house, clerk, id)
  await byImport(house, clerk)
  await put({
    resourceType: 'Patient', id: 'que', identifier: [{ system: 'HIS', type: { coding: [{ code: 'MR' }] }, value: RECORD }], name: [{ text: mayStay.name }],
    telecom: [{ system: 'phone', value: mustGo.fhirPhone }], address: [{ text: mustGo.fhirStreet }],
  }) // biome-ignore format: a resource
  await bySpeaking(house, clerk, id)
  return id
}

async function byHand(house: Cage['house'], clerk: Cage['clerk'], patientId: string) {
  const personId = newId()
  await clerk.call(patientsApi.change, { patientId, payer: mustGo.payer })
  await clerk.call(patientsApi.addContact, { id: newId(), patientId, number: mustGo.handPhone, relation: 'self' })
  await clerk.call(peopleApi.savePerson, {
    id: personId,
    kind: 'family',
    name: mustGo.personName,
    phone: mustGo.personPhone,
    note: mustGo.personNote,
    isActive: true,
  })
  await clerk.call(peopleApi.tiePerson, { personId, patientId, relation: 'daughter' })
  await clerk.call(overviewApi.addCaution, { patientId, id: newId(), kind: 'other', text: mustGo.caution })
  const plain = {
    object: 'patient' as const, kind: 'text' as const, options: [], isRequired: false, pattern: null, least: null, most: null, position: 0, isActive: true,
    isInList: false, riskOption: null,
  } // biome-ignore format: a list
  const [open, sealed] = [newId(), newId()]
  await clerk.call(fieldsApi.saveField, { ...plain, id: open, key: 'open', label: '公开', isSearchable: true, isSensitive: false })
  await clerk.call(fieldsApi.saveField, { ...plain, id: sealed, key: 'sealed', label: '保密', isSearchable: false, isSensitive: true })
  await clerk.call(fieldsApi.setFields, { patientId, values: { [open]: mustGo.field, [sealed]: mustGo.secret } })
  const [{ id: segmentId = '' } = {}] = await house.sql<{ id: string }>('select id from patients.segments where conditions is null limit 1')
  await clerk.call(segmentsApi.mark, { patientId, segmentId, isIn: true, reason: mustGo.markReason })
}

export async function byImport(house: Cage['house'], clerk: Cage['clerk']) {
  const id = newId()
  const rows = [
    ['病案号', '姓名', '联系电话', '家庭住址', '职业'],
    [RECORD, mayStay.name, mustGo.imported, mustGo.importedStreet, mustGo.job],
  ]
  await clerk.call(importsApi.upload, {
    id,
    kind: 'patients',
    name: '一览.csv',
    base64: Buffer.from(rows.map((r) => r.join(',')).join('\n')).toString('base64'),
  })
  await clerk.call(importsApi.check, { id })
  while (await workOnce(house.house, house.hospitalId));
  await clerk.call(importsApi.applyImport, { id })
  while (await workOnce(house.house, house.hospitalId));
}

/** What was said in a follow-up, in answers and in opinions. */
async function bySpeaking(house: Cage['house'], clerk: Cage['clerk'], patientId: string) {
  await house.settle()
  const [task] = await house.sql<{ id: string }>('select id from followups.tasks where patient_id = $1 order by due_by limit 1', [
    patientId,
  ])
  if (!task) throw new Error('nothing was planned for the patient')
  await clerk.call(followupsApi.claim, { ids: [task.id] })
  await clerk.call(followupsApi.saveDraft, { id: task.id, revision: 0, versionId: null, answers: {}, note: mustGo.draft })
  await clerk.call(followupsApi.recordOutcome, { id: task.id, attemptId: newId(), outcome: 'noAnswer', note: mustGo.note })
  const key =
    (
      await house.sql<{ key: string }>(
        "select key from surveys.questionnaire_cards where status = 'active' and key is not null order by key",
      )
    )[0]?.key ?? ''
  const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, key))
  const version = await house.inside((ctx) => currentVersion(ctx, card?.id ?? ''))
  const [visit] = await house.sql<{ id: string }>('select id from encounters.cards where patient_id = $1', [patientId])
  await house.inside((ctx) =>
    recordResponse(ctx, {
      id: newId(),
      versionId: version.id,
      patientId,
      encounterId: visit?.id ?? null,
      answers: answersTo(version.definition),
      channel: 'phone',
      respondent: 'patient',
    }),
  )
  const opinion = { patientId, encounterId: null, source: 'call' as const, units: [], people: [] }
  await clerk.call(feedbackApi.record, {
    ...opinion,
    id: newId(),
    kind: 'praise',
    text: mustGo.praise,
    speakerName: mustGo.speaker,
    speakerPhone: mustGo.speakerPhone,
  })
  await clerk.call(feedbackApi.record, { ...opinion, id: newId(), kind: 'complaint', text: mayStay.complaint })
}

type Item = {
  linkId: string
  type: string
  required?: boolean | undefined
  answerOption?: readonly object[] | undefined
  item?: readonly Item[] | undefined
  enableWhen?: unknown
}

/** The first choice of each question, and words where words are asked. */
function answersTo(definition: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const items = (definition.item ?? []) as Item[] // a Questionnaire that was published
  const of = (item: Item): [string, string[]][] => {
    if (item.item) return item.item.flatMap(of)
    if (item.type === 'text' || item.type === 'string') return [[item.linkId, [mustGo.answer]]]
    const [option] = item.answerOption ?? []
    const code = option && 'valueCoding' in option ? (option.valueCoding as { code: string }).code : undefined
    return code && item.required ? [[item.linkId, [code]]] : []
  }
  return Object.fromEntries(items.flatMap(of))
}

/** Where any of these words stands in the whole database, sealed or open, outside the trail of who did what. */
export async function whereabouts({ house }: Cage, words: Readonly<Record<string, string>>): Promise<string[]> {
  const tables = await house.ownerSql(`
    select format('%I.%I', n.nspname, c.relname) as t from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not like 'pg_%' and n.nspname not in ('information_schema', 'graphile_worker')
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'hospital_id' and not a.attisdropped)`)
  const found = new Set<string>()
  for (const { t } of tables) {
    if (t === 'house.audit') continue
    const rows = await house.sql(`select * from ${t}`).catch(() => [])
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        for (const text of textsIn(house, value))
          for (const [name, word] of Object.entries(words)) if (text.includes(word)) found.add(`${name} in ${t}.${column}`)
  }
  return [...found].sort()
}

function textsIn(house: Cage['house'], value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (Buffer.isBuffer(value)) {
    try {
      return [openText(house.ctx, value)]
    } catch {
      return [value.toString('utf8')]
    }
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const sealed = [...text.matchAll(/\\+x([0-9a-f]{60,})/g)].flatMap((m) => textsIn(house, Buffer.from(m[1] ?? '', 'hex')))
  return [text, ...sealed]
}
