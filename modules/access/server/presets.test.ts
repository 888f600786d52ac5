import { expect, test } from 'vitest'
import { words } from '../words.ts'
import { duties } from './apart.ts'
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

test('of those who administer the system, its security and the trail, none has a power of another, and none sees a patient', () => {
  const shared = ['access.read', 'staff.read'] // whom they deal with
  const powers = (role: string) => Object.keys(presets[role] ?? {}).filter((p) => !shared.includes(p))
  const three = ['systemAdministrator', 'securityAdministrator', 'auditor'].map(powers)

  expect(new Set(three.flat()).size).toBe(three.flat().length)
  expect(three.flat().filter((p) => /^(patients|encounters|feedback)\./.test(p))).toEqual([])
  expect(powers('auditor')).toEqual(['access.audit', 'access.exportAudit', 'access.exports', 'followups.draws']) // of draws he sees ids, and nobody's name
  for (const [role, grants] of Object.entries(presets)) {
    if (three.every((own) => own.join() !== powers(role).join()))
      expect([
        role,
        Object.keys(grants).filter((p) => [...duties.system, ...duties.security, ...duties.audit].some((d) => d === p)),
      ]).toEqual([role, []])
  }
})

test('who does research chooses patients and takes their data without a name, and opens no file and no other list', () => {
  expect(Object.keys(presets.researcher ?? {}).filter((p) => !/^(staff|surveys)\.read$/.test(p))).toEqual(['followups.cohorts'])
})
