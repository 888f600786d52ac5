import { contract, defineErrors, del, get, put } from '@renxin/kernel'
import { z } from 'zod'
import { Conditions, ConditionsText } from './conditions.ts'
import { ClassChoice } from './identity-contract.ts'

/** A search form that was filled in and kept: one's own, or shared with whoever has one of these roles. */
export const SavedView = z.object({
  id: z.uuid(),
  name: z.string(),
  conditions: Conditions,
  roleIds: z.array(z.uuid()),
  isMine: z.boolean(),
  ownerName: z.string(),
})
export type SavedView = z.infer<typeof SavedView>

/** More than this is counted as “more than this”. */
export const COUNT_MOST = 10_000

export const listsApi = contract('patients', {
  count: get('/count', {
    may: 'patients.read',
    input: z.object({ where: ConditionsText.optional() }),
    reply: z.object({ count: z.int(), isMore: z.boolean() }),
  }),
  /** The values that stand in the files, to choose from; of identity classes those of the hospital's list first. */
  choices: get('/choices', {
    may: 'patients.read',
    reply: z.object({ payers: z.array(z.string()), identityClasses: z.array(ClassChoice), districts: z.array(z.string()) }),
  }),
  views: get('/views', {
    may: 'patients.read',
    reply: z.object({ rows: z.array(SavedView), roles: z.array(z.object({ id: z.uuid(), key: z.string(), name: z.string().nullable() })) }),
  }),
  saveView: put('/views/:id', {
    may: 'patients.read',
    input: z.object({
      id: z.uuid(),
      name: z.string().trim().min(1).max(40),
      conditions: Conditions,
      roleIds: z.array(z.uuid()).max(50).default([]),
    }),
    reply: z.object({ id: z.uuid() }),
  }),
  removeView: del('/views/:id', { may: 'patients.read', input: z.object({ id: z.uuid() }), reply: z.object({}) }),
})

export const listErrors = defineErrors('patients', {
  viewNotYours: 'forbidden',
  shareForbidden: 'forbidden',
  tooManyViews: 'conflict', // with `most`
  segmentNotFound: 'not_found',
})
