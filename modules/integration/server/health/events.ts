import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'
import { doorKinds } from '../../health-contract.ts'

const door = { door: z.string(), kind: z.enum(doorKinds) }

/** A door is quiet for longer than it ever was at this hour; `since` is its last message. */
export const doorSilent = defineEvent('integration.doorSilent', z.object({ ...door, since: z.iso.datetime() }))
/** It is heard again. */
export const doorHeard = defineEvent('integration.doorHeard', z.object({ ...door, at: z.iso.datetime() }))
