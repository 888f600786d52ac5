import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { machineOf } from './machine.ts'

const dataDir = resolve('/srv/renxin')
const placesOf = (env: Record<string, string>) =>
  machineOf(readConfig({ RENXIN_DATA: dataDir, ...env }), {
    backups: { read: () => Promise.reject(new Error('nothing is read here')) },
    ownPort: () => null,
  }).places
const outside = {
  DATABASE_URL: 'postgres://renxin_app@db/renxin',
  DATABASE_OWNER_URL: 'postgres://renxin_owner@db/renxin',
  RENXIN_KEY: 'ab'.repeat(32),
}

test('the disks that are watched are those of the data and of the backups that are made here', () => {
  expect(placesOf({})).toEqual([dataDir, resolve(dataDir, 'backups')])
  expect(placesOf({ RENXIN_BACKUP: '/mnt/backups' })).toEqual([dataDir, '/mnt/backups'])
  expect(placesOf({ RENXIN_BACKUP: 'off' })).toEqual([dataDir])
})

test('a folder in which nobody puts backups is not missed: the database is the hospital’s own', () => {
  expect(placesOf(outside)).toEqual([dataDir])
  expect(placesOf({ ...outside, DATABASE_BACKUP_URL: 'postgres://backup@db/renxin' })).toEqual([dataDir, resolve(dataDir, 'backups')])
})
