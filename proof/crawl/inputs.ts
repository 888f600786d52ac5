import { newId, type Route } from '@renxin/kernel'
import { type Named, namedIn, plainParams, schemaOf } from './kinds.ts'
import type { Objects } from './objects.ts'

export type Input = Readonly<Record<string, unknown>>
type Schema = ReturnType<typeof schemaOf>

/** What fields must hold that no schema tells, wherever they stand. */
const ofName: Readonly<Record<string, unknown>> = {
  reason: '核对身份', password: 'Nurse-2026-other', code: '123456', pin: '2580', language: 'zh', base64: Buffer.from('a,b\n1,2\n').toString('base64'),
  name: '甲', year: 2026, from: '2026-08-01', until: '2026-09-30T08:00:00+08:00', to: '2026-09-30', q: '张伟', at: null, phone: null, number: '13800138000', pattern: '*.csv', path: 'crawl',
  template: null, host: '127.0.0.1', baseUrl: 'http://127.0.0.1:9/fhir', select: 'select 1 as one', schema: 'a', regex: 'a', key: 'anotherKey', secret: undefined, hasRead: true,
  definition: { resourceType: 'Questionnaire', status: 'draft', title: '另一份', item: [{ linkId: 'a', text: '问', type: 'string' }] },
  byOffset: 2, wasNextAt: '2026-09-30T08:00:00+08:00', wasCallBackAt: null, mapping: {}, codes: {}, values: {}, answers: {}, least: null, most: null, options: [], viewerUrl: 'http://127.0.0.1:9/v?s={studyUid}', qidoUrl: 'http://127.0.0.1:9/d',
} // biome-ignore format: a table

/** For whom a programme would be that takes every in-patient. */
const whom = JSON.stringify({ id: newId(), trigger: 'discharged', rule: { classes: ['inpatient'] }, samplePercent: 100 })

/** Whom a study would take. */
const cohort = JSON.stringify({ classes: ['inpatient'], from: '2026-08-01', to: '2026-09-03' })

/** What one route needs beside that. */
const ofRoute: Readonly<Record<string, Input>> = {
  'access.createUser': { name: 'another', displayName: '另一位' },
  'access.createClient': { keys: { keys: [] }, scopes: ['fhir.read'] },
  'access.createApiKey': { scopes: ['fhir.read'] },
  'access.exportAudit': { format: 'csv' },
  'patients.exportUnusual': { format: 'csv' },
  'access.saveExportLimits': { aloneRows: 50_000, mostRows: 50_000, takeHours: 24, plainWaits: false },
  'analytics.export': { format: 'csv' },
  'surveys.exportAnalyses': { format: 'csv', from: '2026-08-01', to: '2026-09-30' },
  'analytics.exportAppraisal': { format: 'csv' },
  'analytics.exportRevisits': { format: 'csv' },
  'analytics.exportRevisitRanking': { format: 'csv' },
  'analytics.setRevisitThresholds': { discharged: 80, outpatient: 80 },
  'integration.downloadFailed': { format: 'csv' },
  'patients.contactGaps': { from: '2026-08-01', until: '2026-09-30' },
  'patients.gapPatients': { from: '2026-08-01', until: '2026-09-30', gap: 'noPhone' },
  'patients.changeSettings': { quietHours: [], areaCode: '0510' },
  'patients.saveField': { kind: 'text', pattern: null },
  'patients.register': { phone: null },
  'patients.search': { q: '張偉' },
  'patients.ofTrail': { q: '張偉' },
  'patients.mark': { isIn: true },
  'access.giveTemporaryRole': { until: '2026-09-05T08:00:00+08:00', reason: '顶班两天' },
  'patients.openEmergency': { number: 'QZOWN1', reason: '抢救中，要看病历' },
  'integration.saveScreenLink': { template: 'http://viewer.example/?n={medicalRecordNumber}&s={signature}&t={time}&o={nonce}', secret: '0123456789abcdef0123456789abcdef' },
  'staff.saveUnit': { kind: 'ward' },
  'integration.saveSender': { zone: null },
  'integration.saveSource': { password: 'x', isActive: false },
  'encounters.trend': { analyte: 'K' },
  'encounters.saveArchive': { tokenSecret: '0123456789abcdef0' },
  'integration.saveDestination': { way: 'hl7', host: '127.0.0.1', port: 9, baseUrl: null },
  'integration.testDestination': { way: 'hl7', host: '127.0.0.1', port: 9, baseUrl: null },
  'integration.saveView': { from: { schema: 'a', name: 'a' }, keys: ['a'], startOn: null, isActive: false },
  'integration.testMapping': { text: 'MSH|^~\\&|A|B|C||20260904080000||ADT^A01|1|P|2.5' },
  'integration.mend': { text: 'MSH|^~\\&|A|B|C||20260904080000||ADT^A01|1|P|2.5' },
  'surveys.saveDraft': { revision: 1 },
  'surveys.publish': { revision: 1 },
  'surveys.saveSmallSamples': { least: 5 },
  'surveys.results': { from: '2026-08-01', to: '2026-09-30' },
  'surveys.responses': { from: '2026-08-01', to: '2026-09-30' },
  'followups.saveProgramme': { version: 0 },
  'followups.preview': { what: whom },
  'followups.whom': { what: whom, from: '2026-08-01', to: '2026-09-30' },
  'followups.dates': { what: '{"steps":[{"name":"一","unit":"days","fromOffset":1,"byOffset":2,"channel":"phone"}]}' },
  'followups.activate': { from: '2026-09-01' },
  'followups.saveBlackout': { 'body.fromOn': '2027-02-05', 'body.untilOn': '2027-02-11' },
  'followups.shortCalls': { minutes: 10 },
  'followups.saveLeave': { 'body.fromOn': '2026-10-01', 'body.untilOn': '2026-10-05' },
  'followups.coverage': { month: '2026-09' },
  'followups.draws': { month: '2026-09' },
  'followups.drawNow': { month: '2026-09' },
  'followups.exportFrames': { month: '2026-09' },
  'followups.qualityChecks': { month: '2026-09' },
  'followups.qualityByPerson': { month: '2026-09' },
  'followups.exportQuality': { format: 'csv', month: '2026-09' },
  'followups.checks': { month: '2026-09' },
  'followups.saveCheck': { level: 'department', revision: 1, call: 'none', answers: 'none' },
  'followups.levelResult': { month: '2026-09' },
  'followups.publishResult': { month: '2026-09', note: '更正' },
  'followups.seeResult': { month: '2026-09', version: 1 },
  'followups.exportResult': { month: '2026-09' },
  'followups.cohortPreview': { what: cohort },
  'followups.cohortWhom': { what: cohort },
  'followups.saveCohort': { revision: 0, 'body.filter': JSON.parse(cohort), 'body.visits': [] },
  'followups.freezeCohort': { revision: 1, members: 1 },
  'followups.describeCohort': { revision: 2 },
  'followups.addVisits': { revision: 2, 'visits.unit': 'months', 'visits.after': 12, 'visits.beforeDays': 3, 'visits.afterDays': 3, 'visits.who': 'centre' },
  'followups.cohortItems': { position: 1, side: 'centre' },
  'followups.setMember': { status: 'lost', leftOn: '2026-09-04', note: '核对' },
  'followups.exportCohort': { format: 'csv', layout: 'wide', isIdentified: false },
  'feedback.addRectification': { dueOn: '2026-09-30' },
  'staff.holidays': { year: 2026 },
  'integration.arrive': { time: 1_788_000_000, nonce: '12345678', workNumber: '1', signature: 'a' },
} // biome-ignore format: a table

export type Wanted = { path: string; id: string }

/** An input of a route about the objects given; `wanted` puts another id in one place. Optional fields are left out, save the one wanted. */
export function inputFor(route: Route, objects: Objects, wanted?: Wanted): Input {
  const name = `${route.module}.${route.name}`
  const { named } = namedIn(route)
  const made = build(schemaOf(route), '', { name, named, objects, wanted, depth: 0 })
  return typeof made === 'object' && made !== null ? { ...made } : {}
}

type Making = { name: string; named: readonly Named[]; objects: Objects; wanted: Wanted | undefined; depth: number }

function build(schema: Schema, path: string, making: Making): unknown {
  const field = path.split('.').at(-1) ?? ''
  const isOnTheWay = making.wanted !== undefined && (making.wanted.path === path || making.wanted.path.startsWith(`${path}.`))
  const known = making.named.find((n) => n.path === path)
  if (known && (schema.format === 'uuid' || schema.type === 'string')) return idFor(known, path, making)
  const plain = known ? undefined : (plainParams[`${making.name} ${path}`] ?? ofRoute[making.name]?.[path])
  if (plain !== undefined) return plain
  if (schema.type === 'array') return (schema.minItems ?? 0) > 0 || isOnTheWay || known ? [build(schema.items ?? {}, path, making)] : []
  if (field in ofName && !isOnTheWay) return ofName[field]
  const ways = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (ways.length > 0) return build(ways.find((w) => w.type !== 'null' && Object.keys(w).length > 0) ?? {}, path, making)
  if (schema.properties) return objectOf(schema, path, making)
  if (schema.type === 'object' && isOnTheWay) return { [making.wanted?.id ?? '']: isOfLists(schema) ? [] : 'x' } // a record by ids
  return simple(schema)
}

const isOfLists = ({ additionalProperties: below }: Schema) => typeof below === 'object' && below.type === 'array'

function objectOf(schema: Schema, path: string, making: Making): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [key, below] of Object.entries(schema.properties ?? {})) {
    const at = path ? `${path}.${key}` : key
    const isWanted = making.wanted && (making.wanted.path === at || making.wanted.path.startsWith(`${at}.`))
    const isSaid = path === '' && key in (ofRoute[making.name] ?? {})
    if (schema.required?.includes(key) || isWanted || isSaid) made[key] = build(below, at, making)
  }
  return made
}

function idFor({ kind, isNew }: Named, path: string, { wanted, objects }: Making): string {
  if (wanted?.path === path) return wanted.id
  return isNew ? newId() : (objects[kind] ?? newId())
}

function simple(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  switch (schema.type) {
    case 'boolean':
      return true
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1)
    case 'null':
      return null
    case 'object':
      return {}
    case 'string':
      if (schema.format === 'date') return '2026-09-01'
      if (schema.format === 'date-time') return '2026-09-30T08:00:00+08:00'
      if (schema.format === 'uri') return 'http://127.0.0.1:9/'
      return '甲'.repeat(Math.max(2, schema.minLength ?? 2))
    default:
      return '甲乙'
  }
}
