import { createHash, generateKeyPairSync } from 'node:crypto'
import { importSender, ingest, readFrame, workOnce } from '@renxin/integration'
import { newId } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import type { Objects } from './objects.ts'
import type { Ask, Mark } from './realms.ts'

const one = async <T>(ctx: Context, text: ReturnType<typeof sql<{ id: T }>>): Promise<T> => {
  const [row] = (await text.execute(ctx.db)).rows
  if (!row) throw new Error('the crawler filled a hospital and does not find what it filled it with')
  return row.id
}

/** What belongs to the whole hospital: its lists, its interfaces with everything that came and goes through them, its questionnaires and programmes. */
export async function fillHouse(house: House, hospitalId: number, ask: Ask, mark: Mark, settle: () => Promise<void>): Promise<void> {
  const inside = <T>(work: (ctx: Context) => Promise<T>) => inHospital(house, hospitalId, work)
  const { word } = mark
  const patientId = await inside((ctx) => one(ctx, sql<{ id: string }>`select id from patients.patients where name = ${mark.name}`))
  const tagId = newId()
  await ask('patients.saveTag', { id: tagId, name: `${word}标签`, tone: 'care', isActive: true })
  await fillDestination(house, hospitalId, ask, word, tagId)
  await ask('patients.tag', { patientId, tagId, isOn: true })
  await ask('patients.addContact', {
    patientId,
    id: newId(),
    number: mark.kinPhone.replace('198', '197'),
    relation: 'daughter',
    name: mark.kin,
  })
  const contact = await inside((ctx) =>
    one(ctx, sql<{ id: string }>`select id from patients.contacts where patient_id = ${patientId} and relation = 'self' limit 1`),
  )
  await ask('patients.changeContact', { contactId: contact, isVoid: true })
  const field = { object: 'patient', key: 'crawled', label: `${word}字段`, kind: 'text', options: [], isRequired: false, pattern: null, least: null, most: null, position: 1, isActive: true, isSearchable: true, isInList: true, isSensitive: false, riskOption: null } // biome-ignore format: a field
  const fieldId = newId()
  const hidden = newId()
  await ask('patients.saveField', { ...field, id: fieldId })
  await ask('patients.saveField', {
    ...field,
    id: hidden,
    key: 'sealed',
    label: `${word}密`,
    isSensitive: true,
    isSearchable: false,
    isInList: false,
  })
  await ask('patients.setFields', { patientId, values: { [fieldId]: `${word}值`, [hidden]: `${word}密值` } })
  const segmentId = newId()
  await ask('patients.saveSegment', { id: segmentId, kind: 'own', name: `${word}人群`, conditions: null, position: 1, isActive: true })
  await ask('patients.mark', { patientId, segmentId, isIn: true, reason: '需要关注' })
  await ask('patients.saveIdentityClass', { id: newId(), name: `${word}身份`, synonyms: [`${word}别名`], position: 900, isActive: true })
  await ask('patients.saveView', { id: newId(), name: `${word}视图`, conditions: { sex: 'male' } })
  await ask('feedback.saveCategory', { id: newId(), name: `${word}类别`, position: 900, isActive: true })
  await ask('staff.saveCampus', { id: newId(), name: `${word}院区` })

  const questionnaireId = newId()
  const definition = {
    resourceType: 'Questionnaire',
    status: 'draft',
    title: `${word}问卷`,
    item: [{ linkId: 'a', text: `${word}问题`, type: 'string' }],
  }
  await ask('surveys.create', { id: questionnaireId, definition })
  await ask('surveys.publish', { id: questionnaireId, versionId: newId(), revision: 0 })
  const step = { name: `${word}步骤`, unit: 'days', fromOffset: 1, byOffset: 2, channel: 'phone', assignee: 'centre', questionnaireId }
  await ask('followups.saveProgramme', {
    id: newId(),
    version: 0,
    body: { name: `${word}方案`, level: 'centre', trigger: 'discharged', rule: { classes: ['inpatient'] }, steps: [step] },
  })
  await ask('followups.saveBlackout', { id: newId(), body: { name: `${word}停访`, fromOn: '2027-02-05', untilOn: '2027-02-11' } })

  const levels = (await ask('followups.levelSettings', {})) as { settings: object; programmeId: string | null } // as its contract says
  await ask('followups.saveLevelSettings', { ...levels, settings: { ...levels.settings, samplePercent: 100 } }) // whoever the crawler asks about is drawn
  await ask('followups.drawNow', { month: '2026-09' })
  await fillChecks(house, hospitalId, ask)
  const departmentId = await inside((ctx) =>
    one(
      ctx,
      sql<{ id: string }>`select department_id as id from encounters.encounters where patient_id = ${patientId} and status = 'discharged'`,
    ),
  )
  await fillStudies(ask, word, questionnaireId, departmentId)

  const days = { fromOn: '2026-09-01', untilOn: '2026-09-30' }
  await ask('followups.saveExtra', { id: newId(), body: { name: `${word}附加`, groupId: segmentId, questionnaireId, ...days } })
  await ask('followups.saveNews', { id: newId(), body: { departmentId: null, title: `${word}动态`, text: `${word}新技术`, ...days } })
  await fillInterfaces(ask, word)
  await fillMessages(house, hospitalId, mark)
  await ask('integration.startReplay', { id: newId(), like: { cause: 'noVisitNumber' }, reason: `${word}重放` })
  await fillImport(house, hospitalId, ask, mark)
  await fillFhir(ask, mark)
  await fillAccess(ask, word)
  const userId = newId()
  await ask('access.createUser', { id: userId, name: 'standin', displayName: `${word}顶班`, roleIds: [], password: 'Nurse-2026-stand' })
  const roleId = await inside((ctx) => one(ctx, sql<{ id: string }>`select id from access.roles where key = 'followupNurse'`))
  await ask('access.giveTemporaryRole', { id: newId(), userId, roleId, until: '2026-09-05T08:00:00+08:00', reason: `${word}顶班` })
  const doctorId = await inside((ctx) => one(ctx, sql<{ id: string }>`select id from access.users where name = 'clinician'`))
  const away = { userId: doctorId, fromOn: '2026-09-10', untilOn: '2026-09-12', toId: null, note: `${word}休假` }
  await ask('followups.saveLeave', { id: newId(), body: away })
  await settle()
}

/** Makes one of each kind that can be removed, and removes it; answers their ids. */
export async function removeSome(ask: Ask, complaint: string): Promise<Objects> {
  const gone = { blackout: newId(), savedView: newId(), archive: newId(), file: newId() }
  await ask('followups.saveBlackout', { id: gone.blackout, body: { name: '取消的停访', fromOn: '2027-03-05', untilOn: '2027-03-06' } })
  await ask('followups.removeBlackout', { id: gone.blackout })
  await ask('patients.saveView', { id: gone.savedView, name: '取消的视图', conditions: { sex: 'male' } })
  await ask('patients.removeView', { id: gone.savedView })
  await ask('encounters.saveArchive', {
    id: gone.archive,
    name: '取消的影像',
    qidoUrl: 'http://127.0.0.1:9/dicom',
    auth: 'none',
    viewerUrl: 'http://127.0.0.1:9/v?s={studyUid}',
    tokenSecret: 'QZGONE0123456789abcdef',
  })
  await ask('encounters.removeArchive', { id: gone.archive })
  const file = { name: '取消的附件.txt', base64: Buffer.from('取消的附件').toString('base64') }
  await ask('files.attach', { id: gone.file, aboutKind: 'feedback.complaint', aboutId: complaint, ...file })
  await ask('files.remove', { id: gone.file })
  return gone
}

/** Of everybody who was drawn the centre notes what it found, in words that bear his department's mark, and publishes it. */
async function fillChecks(house: House, hospitalId: number, ask: Ask): Promise<void> {
  const { rows } = await inHospital(house, hospitalId, (ctx) =>
    sql<{ id: string; number: string }>`
      select e.id, e.number from followups.draw_frame f join encounters.encounters e on e.id = f.encounter_id
       where f.level = 'centre' and f.is_drawn`.execute(ctx.db),
  )
  for (const { id, number } of rows)
    await ask('followups.saveCheck', { id, level: 'department', revision: 0, call: 'none', answers: 'none', note: `${number}核查` })
  await ask('followups.publishResult', { month: '2026-09' })
}

/** A study of everybody who went home from a department, frozen, and one that is still written. */
async function fillStudies(ask: Ask, word: string, questionnaireId: string, departmentId: string): Promise<void> {
  const filter = { classes: ['inpatient'], from: '2026-08-01', to: '2026-09-03', departmentIds: [departmentId] }
  const visit = { name: '一个月', unit: 'months', after: 1, beforeDays: 3, afterDays: 7, who: 'both', questionnaireId }
  const body = { purpose: `${word}目的`, leadName: `${word}负责人`, filter, visits: [visit] }
  const id = newId()
  await ask('followups.saveCohort', { id, revision: 0, body: { ...body, name: `${word}研究` } })
  const { members } = (await ask('followups.cohortPreview', { what: JSON.stringify(filter) })) as { members: number } // as its contract says
  await ask('followups.freezeCohort', { id, revision: 1, members })
  await ask('followups.saveCohort', { id: newId(), revision: 0, body: { ...body, name: `${word}草稿` } })
}

async function fillDestination(house: House, hospitalId: number, ask: Ask, word: string, tagId: string): Promise<void> {
  const place = { host: '127.0.0.1', port: 9, application: word, facility: word }
  const takes = { takesFollowups: true, takesComplaints: true, takesPhones: true, takesComplaintFlag: true, flagTags: [tagId] }
  await ask('integration.saveDestination', { id: newId(), name: `${word}接收`, ...place, ...takes, isActive: true })
  await inHospital(house, hospitalId, (ctx) => importSender(ctx, {}, { application: word, facility: word }))
}

async function fillInterfaces(ask: Ask, word: string): Promise<void> {
  const template = `http://viewer.example/${word}?n={medicalRecordNumber}&s={signature}&t={time}&o={nonce}`
  const link = { windowSeconds: 60, signsIn: false, isActive: true, secret: createHash('sha256').update(word).digest('hex') }
  await ask('integration.saveScreenLink', { id: newId(), name: `${word}链接`, direction: 'out', template, ...link })
  await ask('encounters.saveArchive', {
    id: newId(),
    name: `${word}影像`,
    qidoUrl: 'http://127.0.0.1:9/dicom',
    auth: 'none',
    viewerUrl: 'http://127.0.0.1:9/v?s={studyUid}',
    tokenSecret: `${word}0123456789abcdef`,
  })
  await ask('integration.saveDropFolder', {
    id: newId(),
    path: word,
    pattern: '*.csv',
    kind: 'patients',
    isActive: true,
    settleSeconds: 60,
  })
  const sourceId = newId()
  const source = { kind: 'postgres', host: '127.0.0.1', port: 9, database: word, username: word, tls: false, charset: 'declared' }
  await ask('integration.saveSource', {
    id: sourceId,
    name: `${word}视图库`,
    ...source,
    authority: word,
    isActive: false,
    password: `${word}口令`,
  })
  const mapping = { recordNumber: { column: 'a' }, name: { column: 'b' } }
  await ask('integration.saveView', {
    id: newId(),
    sourceId,
    subject: 'patients',
    from: { schema: word, name: word },
    keys: ['a'],
    update: null,
    mapping,
    codes: {},
    everySeconds: 60,
    startOn: null,
    isActive: false,
  })
  await ask('integration.ask', { id: newId(), sourceId, question: { what: 'relations' } })
}

/** One message that is applied, and one that waits for the number of its visit. */
async function fillMessages(house: House, hospitalId: number, { word, twin, phone }: Mark): Promise<void> {
  const admission = (id: string, visit: string) =>
    [
      `MSH|^~\\&|${word}|${word}|CRM||20260904080000||ADT^A01|${word}${id}|P|2.5||||||UNICODE UTF-8`,
      `PID|1||${word}2^^^HIS^MR||${twin}||19600102|M|||||${phone}`,
      `PV1|1|I|${word}病区^^3||||||||||||||||${visit}`,
    ].join('\r')
  await inHospital(house, hospitalId, (ctx) =>
    ingest(
      ctx,
      [admission('M1', `${word}V2`), admission('M2', '')].flatMap((text) => readFrame(Buffer.from(text))),
    ),
  )
}

async function fillImport(house: House, hospitalId: number, ask: Ask, { word, twin }: Mark): Promise<void> {
  const id = newId()
  const text = [`病案号,姓名,联系电话`, `${word}7,${twin},13800138000`, `${word}8,${twin},1380013`].join('\r\n')
  await ask('integration.upload', { id, kind: 'patients', name: `${word}.csv`, base64: Buffer.from(text).toString('base64') })
  await ask('integration.check', { id })
  while (await workOnce(house, hospitalId));
}

/** What came over FHIR: a patient of its own with a visit and a result, what no room has a place for, and somebody who is told. */
async function fillFhir(ask: Ask, { word, name, phone }: Mark): Promise<void> {
  const put = (resource: { resourceType: string; id: string } & Record<string, unknown>) =>
    ask('integration.fhirUpdate', { type: resource.resourceType, id: resource.id, body: JSON.stringify(resource) })
  const subject = { reference: `Patient/${word}` }
  await put({
    resourceType: 'Patient',
    id: word,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:his', value: `${word}F` }],
    name: [{ text: name }],
    telecom: [{ system: 'phone', value: phone }],
  })
  await put({
    resourceType: 'Encounter',
    id: `${word}E`,
    status: 'finished',
    class: { code: 'IMP' },
    subject,
    identifier: [{ value: `${word}FV` }],
    period: { start: '2026-08-01T08:00:00+08:00', end: '2026-08-05T08:00:00+08:00' },
  })
  await put({
    resourceType: 'Observation',
    id: `${word}O`,
    status: 'final',
    code: { text: `${word}钾` },
    subject,
    encounter: { reference: `Encounter/${word}E` },
    effectiveDateTime: '2026-08-02T07:00:00+08:00',
    valueQuantity: { value: 4, unit: 'mmol/L' },
  })
  await put({ resourceType: 'Basic', id: `${word}B`, code: { text: `${word}其他` }, subject })
  await put({
    resourceType: 'Subscription',
    id: `${word}S`,
    status: 'requested',
    reason: word,
    criteria: 'Observation?status=final',
    channel: {
      type: 'rest-hook',
      endpoint: `http://hooks.example/${word}`,
      payload: 'application/fhir+json',
      header: [`Authorization: Bearer ${word}`],
    },
  })
}

async function fillAccess(ask: Ask, word: string): Promise<void> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  await ask('access.createClient', {
    id: newId(),
    name: `${word}平台`,
    keys: { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES384', kid: word }] },
    scopes: ['fhir.read'],
  })
  await ask('access.createApiKey', { id: newId(), name: `${word}密钥`, scopes: ['fhir.read'] })
  const limits = { mostRows: 50_000, plainWaits: false, takeHours: 24 }
  await ask('access.saveExportLimits', { ...limits, aloneRows: 0 })
  await ask('analytics.export', { format: 'csv', reason: `${word}核对`, from: '2026-08', to: '2026-09' }) // waits to be released
  await ask('access.saveExportLimits', { ...limits, aloneRows: 50_000 })
}
