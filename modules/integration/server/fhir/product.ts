import { encounterRoom } from './encounters.ts'
import { patientRoom } from './patients.ts'
import type { Room } from './rooms.ts'

/** The types of which the product has rows of its own. */
export const rooms: Readonly<Record<string, Room>> = { Patient: patientRoom, Encounter: encounterRoom }
