import { guarded, page } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withoutHidden } from './guard.ts'

const Person = z.object({ name: z.string(), phone: guarded('phone', z.string()), card: guarded('identityCard', z.string().nullable()) })
const reply = page(
  Person.extend({
    kin: z.array(Person).default([]),
    visit: z.object({ diagnoses: guarded('diagnosis', z.array(z.string())) }).nullable(),
    either: z.union([z.string(), z.object({ phone: guarded('phone', z.string().nullable()) })]),
  }),
)
const person = { name: '王芳', phone: '138****8000', card: '320***********1234' }
const rows = { rows: [{ ...person, kin: [person], visit: { diagnoses: ['骨折'] }, either: { phone: '139****0000' } }], next: null }

test('what is kept from somebody leaves empty wherever it stands: in rows, lists, what may be absent, and one of several shapes', () => {
  expect(withoutHidden(reply, rows, new Set(['phone', 'diagnosis']))).toEqual({
    rows: [
      {
        ...person,
        phone: '',
        kin: [{ ...person, phone: '' }],
        visit: { diagnoses: [] },
        either: { phone: null },
      },
    ],
    next: null,
  })
})

test('each field is kept by itself, and from whom nothing is kept the reply leaves as it is', () => {
  expect(withoutHidden(Person, person, new Set(['identityCard']))).toEqual({ ...person, card: null })
  expect(withoutHidden(reply, rows, new Set())).toBe(rows)
})
