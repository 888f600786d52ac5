import { expect, test } from 'vitest'
import { steps } from '../../checklist-contract.ts'
import type { HealthCheck } from '../../health-contract.ts'
import { judgeSteps, type Standing } from './rules.ts'

const check = (item: HealthCheck['item'], state: HealthCheck['state'], finding: HealthCheck['finding'], what = ''): HealthCheck => ({
  item,
  state,
  finding,
  what,
})
const done: Standing = {
  departments: 12,
  people: 300,
  accounts: 40,
  offices: 3,
  hasHolidays: true,
  hasPatients: true,
  questionnaires: 4,
  programmes: 2,
  hasFollowup: true,
  doors: 1,
  checks: [
    check('database', 'good', 'databaseGood'),
    check('certificate', 'good', 'certificateGood', '200'),
    check('backup', 'good', 'backupGood', '3.0 h'),
    check('doors', 'good', 'doorsGood', '1'),
  ],
  backup: { mode: 'on', isOnSameDisk: false, hasGood: true, hasDrill: true },
}
const judge = (change: Partial<Standing>) => judgeSteps({ ...done, ...change })
const notDone = (change: Partial<Standing>) => judge(change).flatMap((s) => (s.state === 'done' ? [] : [`${s.step} ${s.state}`]))
const withCheck = (c: HealthCheck) => ({ checks: [...done.checks.filter((d) => d.item !== c.item), c] })

test('a hospital that has everything has nothing left, and each step is named once', () => {
  expect(notDone({})).toEqual([])
  expect(judge({}).map((s) => s.step)).toEqual([...steps])
})

test('what is not there is to do', () => {
  expect(
    notDone({ departments: 0, people: 0, hasHolidays: false, hasPatients: false, questionnaires: 0, programmes: 0, hasFollowup: false }),
  ).toEqual(['units open', 'people open', 'holidays open', 'patients open', 'questionnaires open', 'programmes open', 'firstFollowup open'])
})

test('the founder alone is not enough, nor are two of the three offices', () => {
  expect(notDone({ accounts: 1, offices: 2 })).toEqual(['accounts open', 'offices open'])
})

test('the server is as well as the health page finds it: red is to be dealt with, amber is not waited for', () => {
  expect(notDone(withCheck(check('disk', 'bad', 'diskFull', '/srv 0.5 GB')))).toEqual(['machine warning'])
  expect(judge(withCheck(check('disk', 'bad', 'diskFull', '/srv 0.5 GB'))).find((s) => s.step === 'machine')?.check?.finding).toBe(
    'diskFull',
  )
  expect(notDone(withCheck(check('memory', 'warning', 'memoryLow')))).toEqual([])
})

test('whoever comes over the network without encryption has that to do', () => {
  expect(notDone(withCheck(check('certificate', 'warning', 'certificatePlain')))).toEqual(['network warning'])
})

test('a backup on the same disk as the data is none yet, and one that is old is to be dealt with', () => {
  expect(notDone({ backup: { ...done.backup, isOnSameDisk: true } })).toEqual(['backup open'])
  expect(
    notDone({ backup: { ...done.backup, hasGood: false, hasDrill: false }, ...withCheck(check('backup', 'warning', 'backupFirst')) }),
  ).toEqual(['backup open', 'drill open'])
  expect(notDone(withCheck(check('backup', 'bad', 'backupBad', '72.0 h')))).toEqual(['backup warning'])
})

test('of a database that the hospital runs itself its administrator makes the backups and the drills', () => {
  expect(
    notDone({
      backup: { mode: 'outside', isOnSameDisk: false, hasGood: false, hasDrill: false },
      ...withCheck(check('backup', 'warning', 'backupOutside')),
    }),
  ).toEqual([])
})

test('a door through which nothing has come is not there yet; one that fell silent is to be dealt with', () => {
  expect(notDone({ doors: 0, ...withCheck(check('doors', 'warning', 'doorsNone')) })).toEqual(['doors open'])
  expect(notDone(withCheck(check('doors', 'bad', 'doorsSilent', 'HIS')))).toEqual(['doors warning'])
  expect(notDone(withCheck(check('doors', 'warning', 'doorsTroubled', 'HIS')))).toEqual([]) // the day's work
})
