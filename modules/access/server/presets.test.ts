import { expect, test } from 'vitest'
import { words } from '../words.ts'
import { permissions, presets } from './presets.ts'

test('every role and every permission has its name', () => {
  const named: Readonly<Record<string, Readonly<Record<string, string>>>> = words.permission
  const nameOf = (permission: string) => {
    const [module = '', verb = ''] = permission.split('.')
    return named[module]?.[verb]
  }

  expect(Object.keys(words.role).toSorted()).toEqual(Object.keys(presets).toSorted())
  expect([...permissions].filter((p) => !nameOf(p))).toEqual([])
  expect(Object.keys(words.module)).toEqual(expect.arrayContaining([...new Set([...permissions].map((p) => p.split('.')[0]))]))
})

test('nobody runs the system, works with patients and audits at once', () => {
  const has = (role: string, of: RegExp) => Object.keys(presets[role] ?? {}).some((p) => of.test(p))

  expect(has('systemAdministrator', /^patients\.|^encounters\.|^access\.audit/)).toBe(false)
  expect(Object.keys(presets.auditor ?? {}).toSorted()).toEqual(['access.audit', 'access.exportAudit', 'staff.read'])
  expect(Object.keys(presets).filter((role) => role !== 'systemAdministrator' && has(role, /^access\.(users|appoint|keys)/))).toEqual([])
})
