import { contract, cursor, defineErrors, get, localDate, page, put } from '@renxin/kernel'
import { z } from 'zod'

const UnitKind = z.enum(['department', 'ward', 'office'])
export type UnitKind = z.infer<typeof UnitKind>

export const Job = z.enum(['doctor', 'nurse', 'technician', 'manager', 'other'])
export type Job = z.infer<typeof Job>

const Campus = z.object({ id: z.uuid(), name: z.string(), isActive: z.boolean() })
export type Campus = z.infer<typeof Campus>

const Unit = z.object({
  id: z.uuid(),
  kind: UnitKind,
  code: z.string().nullable(),
  name: z.string(),
  departmentId: z.uuid().nullable(), // of a ward
  departmentName: z.string().nullable(),
  campusId: z.uuid().nullable(),
  isActive: z.boolean(),
})
export type Unit = z.infer<typeof Unit>

const Person = z.object({
  id: z.uuid(),
  number: z.string().nullable(),
  name: z.string(),
  job: Job,
  title: z.string().nullable(),
  startedOn: localDate.nullable(), // since when somebody works here
  isActive: z.boolean(),
  units: z.array(z.object({ id: z.uuid(), kind: UnitKind, name: z.string() })),
})
export type Person = z.infer<typeof Person>

const HolidayDay = z.object({ day: localDate, isWorking: z.boolean(), name: z.string().trim().max(40) })
export type HolidayDay = z.infer<typeof HolidayDay>

const HolidayYear = z.object({ year: z.int(), isAnnounced: z.boolean(), days: z.array(HolidayDay), announcedYears: z.array(z.int()) })
export type HolidayYear = z.infer<typeof HolidayYear>

const name = z.string().trim().min(1).max(100)
const codeOrNone = z.string().trim().min(1).max(64).nullable()
const yes = z.union([z.boolean(), z.stringbool()])

export const staffApi = contract('staff', {
  campuses: get('/campuses', { may: 'staff.read', reply: z.object({ rows: z.array(Campus) }) }),
  saveCampus: put('/campuses/:id', {
    may: 'staff.manage',
    input: z.object({ id: z.uuid(), name, isActive: z.boolean().default(true) }),
    reply: Campus,
  }),
  units: get('/units', {
    may: 'staff.read',
    input: z.object({ kind: UnitKind.optional(), withInactive: yes.default(false) }),
    reply: z.object({ rows: z.array(Unit) }), // a hospital has some hundreds of them; 2,000 are shown at most
  }),
  saveUnit: put('/units/:id', {
    may: 'staff.manage',
    input: z.object({
      id: z.uuid(),
      kind: UnitKind,
      code: codeOrNone,
      name,
      departmentId: z.uuid().nullable(),
      campusId: z.uuid().nullable(),
      isActive: z.boolean(),
    }),
    reply: Unit,
  }),
  people: get('/people', {
    may: 'staff.read',
    input: z.object({
      search: z.string().trim().max(50).default(''), // part of the name, its pinyin or initials, or the number
      unitId: z.uuid().optional(),
      job: Job.optional(),
      withInactive: yes.default(false),
      ...cursor,
    }),
    reply: page(Person),
  }),
  person: get('/people/:id', { may: 'staff.read', input: z.object({ id: z.uuid() }), reply: Person }),
  savePerson: put('/people/:id', {
    may: 'staff.manage',
    input: z.object({
      id: z.uuid(),
      number: codeOrNone,
      name,
      job: Job,
      title: z.string().trim().max(50).nullable(),
      startedOn: localDate.nullable().optional(), // left out: as it was
      isActive: z.boolean(),
      unitIds: z.array(z.uuid()).max(50),
    }),
    reply: Person,
  }),
  holidays: get('/holidays', {
    may: 'staff.read',
    input: z.object({ year: z.coerce.number().int().min(2000).max(2199) }),
    reply: HolidayYear,
  }),
  saveHolidays: put('/holidays/:year', {
    may: 'staff.manage',
    input: z.object({ year: z.coerce.number().int().min(2000).max(2199), isAnnounced: z.boolean(), days: z.array(HolidayDay).max(366) }),
    reply: HolidayYear,
  }),
})

export const staffErrors = defineErrors('staff', {
  unitNotFound: 'not_found',
  personNotFound: 'not_found',
  campusNotFound: 'not_found',
  codeTaken: 'conflict', // another unit of this kind has this code
  numberTaken: 'conflict', // another person has this number
  nameTaken: 'conflict', // another campus has this name
  departmentNeeded: 'invalid', // a ward's department must be a department
  dayOutsideYear: 'invalid',
})
