import { expect, test } from 'vitest'
import { findings, healthItems } from '../../contract.ts'
import type { Facts } from './facts.ts'
import { judgeHealth } from './rules.ts'

const now = new Date('2026-09-04T09:00+08:00')
const before = (ms: number) => new Date(now.getTime() - ms)
const MINUTE = 60_000
const DAY = 1440 * MINUTE
const gigabytes = (n: number) => n * 2 ** 30

const worker = {
  id: '01990000-0000-7000-8000-0000000000a1',
  host: 'crm-1',
  pid: 42,
  roles: ['web', 'worker', 'mllp'],
  version: '1.0.0',
  startedAt: before(DAY),
  secondsSilent: 3,
  leads: true,
  facts: { rssMegabytes: 300, loopMs: 20, troubled: [] },
}

const well: Facts = {
  now,
  database: { milliseconds: 2, bytes: gigabytes(3) },
  places: [{ path: '/srv/renxin', freeBytes: gigabytes(100), totalBytes: gigabytes(200) }],
  backups: { mode: 'on', alarms: [], lastGoodAt: before(6 * 60 * MINUTE).toISOString() },
  audit: { oldestUnsealed: null, anchoredAt: before(40 * MINUTE), anchors: 12, badLine: null, anchorPlace: '/srv/renxin/audit' },
  processes: [worker],
  queue: { pending: 0, oldestPending: null, givenUp: 0, retrying: 0 },
  doors: [{ name: 'HIS', state: 'fine' }],
  clock: { offMs: 12, isSynchronised: true },
  memory: { availableBytes: gigabytes(4), totalBytes: gigabytes(8) },
  certificate: { until: null, isPlain: false },
  sso: undefined,
}

const sso = (outcome: NonNullable<NonNullable<Facts['sso']>['state']>['outcome'], milliseconds = 120, clockOffMs: number | null = 400) => ({
  sso: { host: 'sso.hospital.cn', state: { outcome, milliseconds, clockOffMs } },
})

const findingOf = (item: string, facts: Partial<Facts>) => judgeHealth({ ...well, ...facts }).find((c) => c.item === item)

test('where all is well every item is green, each is judged once', () => {
  const checks = judgeHealth(well)

  expect(checks.map((c) => c.item)).toEqual([...healthItems])
  expect(checks.filter((c) => c.state !== 'good')).toEqual([])
})

const lone = (facts: object) => [{ ...worker, ...facts }]
const cases: [item: string, state: string, finding: string, facts: Partial<Facts>][] = [
  ['database', 'warning', 'databaseSlow', { database: { milliseconds: 900, bytes: 1 } }],
  ['disk', 'bad', 'diskFull', { places: [{ path: '/a', freeBytes: gigabytes(0.5), totalBytes: gigabytes(500) }] }],
  ['disk', 'warning', 'diskLow', { places: [{ path: '/a', freeBytes: gigabytes(20), totalBytes: gigabytes(500) }] }],
  ['disk', 'bad', 'diskUnreadable', { places: [{ path: '/mnt/gone', freeBytes: null, totalBytes: null }] }],
  ['backup', 'bad', 'backupOff', { backups: { mode: 'off', alarms: [], lastGoodAt: null } }],
  ['backup', 'warning', 'backupOutside', { backups: { mode: 'outside', alarms: [], lastGoodAt: null } }],
  ['backup', 'warning', 'backupFirst', { backups: { mode: 'on', alarms: ['none'], lastGoodAt: null } }],
  ['backup', 'bad', 'backupBad', { backups: { mode: 'on', alarms: ['old', 'failed'], lastGoodAt: before(3 * DAY).toISOString() } }],
  ['audit', 'bad', 'auditLate', { audit: { ...well.audit, oldestUnsealed: before(2 * MINUTE) } }],
  ['audit', 'bad', 'auditBroken', { audit: { ...well.audit, badLine: 3 } }],
  ['audit', 'warning', 'auditNoAnchor', { audit: { ...well.audit, anchoredAt: before(3 * DAY) } }],
  ['jobs', 'bad', 'jobsNobody', { processes: lone({ roles: ['web'], leads: false }) }],
  ['jobs', 'bad', 'jobsNobody', { processes: lone({ secondsSilent: 31 }) }],
  ['jobs', 'bad', 'jobsTroubled', { processes: lone({ facts: { troubled: ['followups.planTasks'] } }) }],
  ['queue', 'warning', 'queueSlow', { queue: { ...well.queue, pending: 8000, oldestPending: before(MINUTE) } }],
  ['queue', 'bad', 'queueStuck', { queue: { ...well.queue, pending: 3, oldestPending: before(6 * MINUTE) } }],
  ['queue', 'bad', 'queueGivenUp', { queue: { ...well.queue, givenUp: 1 } }],
  ['doors', 'warning', 'doorsNone', { doors: [{ name: 'HIS', state: 'off' }] }],
  ['doors', 'warning', 'doorsTroubled', { doors: [{ name: 'HIS', state: 'trouble' }] }],
  ['doors', 'bad', 'doorsSilent', { doors: [{ name: 'LIS', state: 'trouble' }, { name: 'HIS', state: 'silent' }] }], // biome-ignore format: one case a line
  ['processes', 'warning', 'processesLost', { processes: [worker, { ...worker, pid: 43, secondsSilent: 900 }] }],
  ['processes', 'warning', 'processesMixed', { processes: [worker, { ...worker, version: '1.1.0' }] }],
  ['clock', 'warning', 'clockOff', { clock: { offMs: -3000, isSynchronised: true } }],
  ['clock', 'warning', 'clockOff', { clock: { offMs: 0, isSynchronised: false } }],
  ['clock', 'bad', 'clockWrong', { clock: { offMs: 3_600_000, isSynchronised: null } }],
  ['memory', 'warning', 'memoryLow', { memory: { availableBytes: gigabytes(0.7), totalBytes: gigabytes(8) } }],
  ['memory', 'bad', 'memoryLow', { memory: { availableBytes: gigabytes(0.2), totalBytes: gigabytes(8) } }],
  ['memory', 'warning', 'memorySlow', { processes: lone({ facts: { loopMs: 4000 } }) }],
  ['certificate', 'warning', 'certificatePlain', { certificate: { until: null, isPlain: true } }],
  ['certificate', 'good', 'certificateGood', { certificate: { until: before(-100 * DAY), isPlain: false } }],
  ['certificate', 'warning', 'certificateSoon', { certificate: { until: before(-20 * DAY), isPlain: false } }],
  ['certificate', 'bad', 'certificateSoon', { certificate: { until: before(-3 * DAY), isPlain: false } }],
  ['sso', 'good', 'ssoUnasked', { sso: { host: 'sso.hospital.cn', state: null } }],
  ['sso', 'good', 'ssoGood', sso('good')],
  ['sso', 'good', 'ssoGood', sso('good', 120, null)],
  ['sso', 'warning', 'ssoSlow', sso('good', 2400)],
  ['sso', 'warning', 'ssoSlow', sso('busy')],
  ['sso', 'bad', 'ssoClock', sso('good', 120, -31_000)],
  ['sso', 'bad', 'ssoDown', sso('unreachable', 9, null)],
  ['sso', 'bad', 'ssoSilent', sso('timeout', 5000, null)],
  ['sso', 'bad', 'ssoCertificate', sso('certificate', 9, null)],
  ['sso', 'bad', 'ssoRubbish', sso('notOidc', 9, null)],
  ['sso', 'bad', 'ssoRubbish', sso('issuer', 9, null)],
  ['certificate', 'bad', 'certificateOver', { certificate: { until: before(DAY), isPlain: false } }],
]

test.each(cases)('%s is %s: %s', (item, state, finding, facts) => {
  expect(findingOf(item, facts)).toMatchObject({ state, finding })
})

test('every finding that has a sentence can come about', () => {
  const good = judgeHealth(well).map((c) => c.finding)

  expect(new Set([...good, ...cases.map(([, , finding]) => finding)])).toEqual(new Set(findings))
})
