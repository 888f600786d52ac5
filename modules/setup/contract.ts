import { contract, defineErrors, get, post } from '@renxin/kernel'
import { z } from 'zod'

export const setupApi = contract('setup', {
  state: get('/state', {
    may: 'anyone',
    reply: z.object({ isEmpty: z.boolean(), needsToken: z.boolean(), version: z.string() }),
  }),
  found: post('/hospital', {
    may: 'anyone', // an installation without a hospital has nobody to permit it: the one-time token does
    input: z.object({
      token: z.string().max(100),
      hospitalName: z.string().trim().min(2).max(100),
      adminName: z.string().trim().min(2).max(50),
      password: z.string().min(8).max(200),
    }),
    reply: z.object({ hospitalId: z.int() }),
  }),
  eraseDemo: post('/demo/erase', {
    may: 'setup.eraseDemo',
    reply: z.object({ token: z.string() }),
  }),
})

export const setupErrors = defineErrors('setup', {
  notADemo: 'forbidden',
  wrongToken: 'forbidden',
  alreadyFounded: 'conflict',
})
