import { encounterRoom } from './encounters.ts'
import { houseRooms } from './house-rooms.ts'
import { knownRooms } from './known-rooms.ts'
import { patientRoom } from './patients.ts'
import { recordRooms } from './record-rooms.ts'
import type { Room } from './rooms.ts'
import { withState } from './subscriptions.ts'
import { questionnaireRoom, responseRoom } from './survey-rooms.ts'

/** Nothing of it but what was sent, with how it stands. */
const subscriptionRoom: Room = { find: async () => [], describe: async () => new Map(), overlay: withState }

/** The types of which the product has rows of its own. */
export const rooms: Readonly<Record<string, Room>> = {
  Patient: patientRoom,
  Encounter: encounterRoom,
  ...houseRooms,
  ...recordRooms,
  ...knownRooms,
  Questionnaire: questionnaireRoom,
  QuestionnaireResponse: responseRoom,
  Subscription: subscriptionRoom,
}
