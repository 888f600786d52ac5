import { auditApi, exportsApi } from '@renxin/access/contract'
import { analyticsApi, appraisalApi, revisitsApi } from '@renxin/analytics/contract'
import { applyEncounterFacts } from '@renxin/encounters'
import { CohortBody, checksApi, cohortsApi, levelsApi, qualityApi } from '@renxin/followups/contract'
import { workOnce } from '@renxin/integration'
import { importsApi } from '@renxin/integration/contract'
import { type Input, newId, type Route } from '@renxin/kernel'
import { applyPatientFacts, registerPatient } from '@renxin/patients'
import { patientsApi, privacyApi, unusualApi } from '@renxin/patients/contract'
import { openApi, routesOf } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { analysesApi } from '@renxin/surveys/contract'
import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { modules } from './modules.ts'

const house = await openHouse(modules, { prepare: true, now: '2026-09-20T09:00+08:00' })
const files = routesOf(modules).filter((r) => r.file !== undefined)
const nameOf = (r: Route) => `${r.module}.${r.name}`

/** Files that are no data taken from lists: each is one thing that somebody wrote, as it came. */
const documents: Readonly<Record<string, string>> = {
  'files.download': 'one attachment, as it was uploaded; the handler audits its patient',
  'encounters.reportFile': 'one report, as the laboratory made it; the handler audits its patient',
  'encounters.documentFile': 'one document, as the ward wrote it; the handler audits its patient',
  'surveys.exportVersion':
    'an empty questionnaire in the standard’s own form (FHIR), for other systems to read: no answer and no person is in it',
}

const importId = newId()
const cohortId = newId()
const [questionnaire] = await house.sql<{ id: string }>(`select id from surveys.questionnaires where key = 'inpatient-satisfaction'`)
const how = { reason: '全部路由检查' }
/** How each export is asked. */
const asks: Readonly<Record<string, { route: Route; input: object }>> = Object.fromEntries(
  [
    { route: auditApi.exportAudit, input: {} satisfies Omit<Input<typeof auditApi.exportAudit>, 'reason' | 'format'> },
    { route: unusualApi.exportUnusual, input: {} satisfies Omit<Input<typeof unusualApi.exportUnusual>, 'reason' | 'format'> },
    { route: analyticsApi.export, input: {} satisfies Omit<Input<typeof analyticsApi.export>, 'reason' | 'format'> },
    {
      route: appraisalApi.exportAppraisal,
      input: {} satisfies Omit<Input<typeof appraisalApi.exportAppraisal>, 'reason' | 'format' | 'span'>,
    },
    { route: revisitsApi.exportRevisits, input: {} satisfies Omit<Input<typeof revisitsApi.exportRevisits>, 'reason' | 'format' | 'kind'> },
    {
      route: levelsApi.exportFrames,
      input: { month: '2026-09' } satisfies Omit<Input<typeof levelsApi.exportFrames>, 'reason' | 'format'>,
    },
    {
      route: checksApi.exportResult,
      input: { month: '2026-09' } satisfies Omit<Input<typeof checksApi.exportResult>, 'reason' | 'format'>,
    },
    {
      route: cohortsApi.exportCohort,
      input: { id: cohortId } satisfies Omit<Input<typeof cohortsApi.exportCohort>, 'reason' | 'format' | 'layout' | 'isIdentified'>,
    },
    {
      route: qualityApi.exportQuality,
      input: { month: '2026-09' } satisfies Omit<Input<typeof qualityApi.exportQuality>, 'reason' | 'format'>,
    },
    {
      route: revisitsApi.exportRevisitRanking,
      input: {} satisfies Omit<Input<typeof revisitsApi.exportRevisitRanking>, 'reason' | 'format' | 'kind'>,
    },
    {
      route: analysesApi.exportAnalyses,
      input: { questionnaireId: questionnaire?.id ?? '', from: '2026-09-01', to: '2026-09-30' } satisfies Omit<
        Input<typeof analysesApi.exportAnalyses>,
        'reason' | 'format'
      >,
    },
    {
      route: importsApi.downloadFailed,
      input: { id: importId } satisfies Omit<Input<typeof importsApi.downloadFailed>, 'reason' | 'format'>,
    },
  ].map((ask) => [nameOf(ask.route), ask]),
)
const everybody = house.who(...files.map((r) => r.may), 'analytics.read', 'integration.import', 'access.exportPlain')
await freezeOne()

/** A study of the one person who has gone home. */
async function freezeOne(): Promise<void> {
  const [patientId = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [{ id: newId(), identifiers: [], sourceAt: house.now(), name: '韩梅' }]),
  )
  const stay = { number: 'I1', patientId, class: 'inpatient' as const, sourceAt: house.now() }
  await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      { ...stay, event: 'admit', admittedAt: house.now() },
      { ...stay, event: 'discharge', dischargedAt: house.now() },
    ]),
  )
  const filter = { classes: ['inpatient' as const], from: '2026-09-01', to: '2026-09-20' }
  const researcher = house.who('followups.cohorts')
  const body = CohortBody.parse({ name: '检查用研究', leadName: '韩梅', filter })
  await researcher.call(cohortsApi.saveCohort, { id: cohortId, revision: 0, body })
  await researcher.call(cohortsApi.freezeCohort, { id: cohortId, revision: 1, members: 1 })
}

const noted = () =>
  house.sql<{ number: number; route: string; reason: string; format: string }>('select * from house.exports order by number')

test('every route that answers a file is a document with its reason, or an export that the test takes', () => {
  expect(files.map(nameOf).toSorted()).toEqual([...Object.keys(documents), ...Object.keys(asks)].toSorted())
})

test('that a file may wait for its release is described for every export, and for no document', () => {
  const { paths } = openApi(files) as { paths: Record<string, Record<string, { operationId: string; responses: object }>> } // as OpenAPI has them
  const operations = Object.values(paths).flatMap((p) => Object.values(p))

  expect(
    operations
      .filter((o) => '202' in o.responses)
      .map((o) => o.operationId)
      .toSorted(),
  ).toEqual(Object.keys(asks).toSorted())
})

test('every export asks for a reason, is noted with a number, and carries number, hospital, person and reason in the file itself', async () => {
  await everybody.call(importsApi.upload, {
    id: importId,
    kind: 'patients',
    name: '患者.csv',
    base64: Buffer.from('病案号,姓名\r\n1,王芳\r\n').toString('base64'),
  })
  for (const { route, input } of Object.values(asks)) {
    expect(route.method, nameOf(route)).toBe('POST') // a reason has no place in an address
    expect(route.input.safeParse({ ...input, format: 'csv' }).success, nameOf(route)).toBe(false)
    for (const format of ['csv', 'xlsx'] as const) {
      const before = await noted()
      const file = (await everybody.call(route, { ...input, ...how, format })) as { name: string; body: Buffer } // a file's handler answers so
      const [row, ...others] = (await noted()).slice(before.length)
      expect(others).toEqual([])
      expect(row).toMatchObject({ route: nameOf(route), format, ...how })
      const serial = `EX-${String(row?.number).padStart(6, '0')}`
      const texts =
        format === 'csv' ? [String(file.body)] : (await readXlsx(new Uint8Array(file.body))).sheets.map((s) => s.rows.flat().join('\n'))
      for (const text of texts)
        for (const part of [serial, '仁心示范医院', 'tester', how.reason, '2026-09-20 09:00']) expect(text).toContain(part)
      expect(file.name).toContain(serial)
    }
  }
})

test('over every route an export above the limit leaves nothing and notes nothing, and one that was released is taken once', async () => {
  const security = house.who('access.rules')
  const releaser = house.who('access.releaseExports')
  await security.call(exportsApi.saveExportLimits, { aloneRows: 0, mostRows: 50_000, plainWaits: true, takeHours: 24 })
  await everybody.call(importsApi.check, { id: importId })
  while (await workOnce(house.house, house.hospitalId));
  await house.sql(`update integration.import_rows set result = 'failed' where import_id = $1`, [importId]) // something to take
  const waited: string[] = []
  for (const { route, input } of Object.values(asks)) {
    const ask = () => everybody.call(route, { ...input, ...how, format: 'csv' }) as Promise<{ waits: { id: string }; body?: Buffer }> // a file's handler answers so
    const before = (await noted()).length
    const { waits, body } = await ask()
    if (body && Reflect.get((await noted()).at(-1) ?? {}, 'rows') === 0) continue // there was nothing to take
    expect([nameOf(route), body, (await noted()).length]).toEqual([nameOf(route), undefined, before])
    waited.push(nameOf(route))
    await releaser.call(exportsApi.decideExport, { id: waits.id, isReleased: true, reason: '已核对' })
    expect((await ask()).body, nameOf(route)).toBeInstanceOf(Buffer)
    expect((await ask()).body, nameOf(route)).toBe(undefined)
    expect((await noted()).length).toBe(before + 1)
  }
  expect(waited).toEqual(expect.arrayContaining(['access.exportAudit', 'analytics.export', 'integration.downloadFailed']))
  await security.call(exportsApi.saveExportLimits, { aloneRows: 1000, mostRows: 50_000, plainWaits: false, takeHours: 24 })
})

test('an export says no more than its list: of a patient whom the auditor may not see the rows stay, and do not say about whom they are', async () => {
  const id = newId()
  await house.inside((ctx) => registerPatient(ctx, { id, name: '鸮大贵', medicalRecordNumber: 'XIAO0001' }))
  const officer = house.who('patients.read', 'patients.names', 'patients.classify', 'patients.seeVip')
  await officer.call(privacyApi.classify, { patientId: id, class: 'vip', reason: '鸮批示' })
  await officer.call(patientsApi.file, { id })
  const auditor = house.who('access.audit', 'access.exportAudit')
  const csvFor = async (who: typeof auditor) =>
    String(((await who.call(auditApi.exportAudit, { ...how, action: 'patients', format: 'csv' })) as { body: Buffer }).body) // a file's handler answers so

  const { rows } = await auditor.call(auditApi.audit, { action: 'patients' })
  const veiled = await csvFor(auditor)
  const whole = await csvFor(house.who('access.audit', 'access.exportAudit', 'patients.seeVip'))

  expect(rows.filter((r) => r.isProtected).length).toBeGreaterThan(1)
  expect(veiled.split('受保护')).toHaveLength(rows.filter((r) => r.isProtected).length + 1)
  for (const hidden of [id, '鸮大贵', 'XIAO0001', '鸮批示']) expect(veiled).not.toContain(hidden)
  expect(whole).toContain(id)
  expect(whole).toContain('鸮批示')
})
