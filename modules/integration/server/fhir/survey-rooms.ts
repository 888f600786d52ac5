import { isResource, type Resource } from '@renxin/fhir'
import { describeQuestionnaires, describeResponses } from '@renxin/surveys'
import { cardRoom } from './card-room.ts'
import type { Room } from './rooms.ts'

const nothing = (): Resource => ({ resourceType: 'Basic' }) // the rows are shown by `surveys` itself, below
const resourcesIn = (rows: readonly { id: string; resource: Record<string, unknown> }[]) =>
  new Map(rows.flatMap(({ id, resource }) => (isResource(resource) ? [[id, { ...resource, id }]] : [])))

const statuses = { draft: 'draft', active: 'active', disabled: 'retired' }

export const questionnaireRoom: Room = {
  ...cardRoom<{ id: string }>({
    view: 'surveys.questionnaire_cards',
    columns: 'c.id',
    strings: { title: 'lower(c.title)' },
    codes: { status: { column: 'status', of: statuses } },
    show: nothing,
  }),
  describe: async (ctx, _, ids) => resourcesIn(await describeQuestionnaires(ctx, ids)),
}

export const responseRoom: Room = {
  ...cardRoom<{ id: string; patientId: string }>({
    view: 'surveys.response_cards',
    columns: 'c.id, c.patient_id',
    patient: 'patient_id',
    encounter: 'encounter_id',
    dates: { authored: 'completed_at' },
    show: nothing,
  }),
  describe: async (ctx, _, ids) => resourcesIn(await describeResponses(ctx, ids)),
}
