import { contract, defineErrors, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'

/** The imaginary hospital's own system, which lives in the demo: what it has sent since it was started. */
export const Simulation = z.object({
  isRunning: z.boolean(),
  startedAt: moment.nullable(),
  secondsADay: z.int().nullable(),
  sent: z.int(),
  refused: z.int(),
  admitted: z.int(),
  moved: z.int(),
  discharged: z.int(),
  visits: z.int(),
  writtenBack: z.int(),
  lines: z.array(z.string()),
})
export type Simulation = z.infer<typeof Simulation>

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
  simulation: get('/simulation', { may: 'setup.simulate', reply: Simulation }),
  startSimulation: post('/simulation/start', {
    may: 'setup.simulate',
    input: z.object({ secondsADay: z.int().min(10).max(86_400).default(300) }),
    reply: Simulation,
  }),
  stopSimulation: post('/simulation/stop', { may: 'setup.simulate', reply: Simulation }),
})

export const setupErrors = defineErrors('setup', {
  notADemo: 'forbidden',
  wrongToken: 'forbidden',
  alreadyFounded: 'conflict',
  noMllp: 'unavailable', // the listener is turned off, so there is nowhere to send
})
