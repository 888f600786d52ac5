import { BackupRefused, backupFaults, faultOf } from '@renxin/server/backup'
import { expect, test } from 'vitest'
import { BackupFault } from './contract.ts'
import { words } from './words.ts'

test('every trouble that a backup can have has its sentence on the page', () => {
  expect([...BackupFault.options].toSorted()).toEqual([...backupFaults].toSorted())
  expect(Object.keys(words.backupFaults).toSorted()).toEqual([...backupFaults].toSorted())
  expect(Object.values(words.backupFaults).every((sentence) => /[一-鿿]/.test(sentence))).toBe(true)
})

test('a full disk and a closed folder are the folder’s trouble; what nobody foresaw is called that', () => {
  const ofDisk = (code: string) => faultOf(Object.assign(new Error(code), { code }))
  expect([ofDisk('ENOSPC'), ofDisk('EACCES'), ofDisk('EIO'), faultOf('x')]).toEqual(['folder', 'folder', 'unforeseen', 'unforeseen'])
  expect(faultOf(new BackupRefused('x', 'otherKey'))).toBe('otherKey')
})
