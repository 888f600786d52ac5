import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type House, rotateKeys } from '@renxin/server'
import { BackupRefused } from '@renxin/server/backup'
import type { Backups } from '../contract.ts'
import { type Machine, makeSetup } from './index.ts'

/** The machine's clock, since the database's is compared with it. */
export const machineNow = () => new Date(performance.timeOrigin + performance.now())

/** A set-up on a machine that is well, with a folder of its own; a test changes what `backups` and `machine` say. */
export async function makeStreet(
  house: () => House = () => {
    throw new Error('no key is changed here')
  },
) {
  const folder = await mkdtemp(join(tmpdir(), 'renxin-health-'))
  const backups: Backups = {
    mode: 'on',
    folder,
    isOnSameDisk: false,
    isOwnKey: false,
    at: '02:30',
    keepDays: 14,
    alarmHours: 26,
    drillDays: 7,
    alarms: ['none'],
    running: null,
    lastGoodAt: null,
    lastBackup: null,
    lastDrill: null,
    goodDrill: null,
    logUntil: null,
    rows: [],
  }
  const machine: Machine = {
    places: [folder],
    auditPlace: join(folder, 'audit'),
    now: machineNow,
    memory: () => ({ availableBytes: 4e9, totalBytes: 8e9 }),
    isClockKept: async () => true,
    certificateUntil: async () => null,
    doors: async () => ({ rows: [{ name: 'HIS', state: 'fine' }] }),
    knock: async () => ({ ok: true, what: '2' }),
    readBackup: () => Promise.reject(new BackupRefused('There is no backup that can be used.', 'noBackup')),
  }
  const { setup } = makeSetup({
    prepare: async () => {},
    hospitalsChanged: () => {},
    demoErased: async () => {},
    version: '1.0.0',
    simulator: {
      state: () => {
        throw new Error('nothing is simulated here')
      },
      start: async () => {},
      stop: async () => {},
    },
    backups: { state: async () => backups, begin: () => false },
    machine,
    rotateKeys: (ctx, suite) => rotateKeys(house(), ctx, { suite, seconds: 0 }),
  })
  return { folder, backups, machine, setup }
}
