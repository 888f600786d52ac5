import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import { encountersApi } from '../contract.ts'
import { imageRoutes } from './images/routes.ts'
import { fieldsOfEncounter, setFieldsOfEncounter } from './own-fields.ts'
import { recordRoutes } from './records/routes.ts'
import { getEncounter, listBeds, listEncounters, listOfPatient } from './service.ts'
import { listTimeline } from './timeline.ts'

export const routes = [
  ...serve(encountersApi, {
    list: listEncounters,
    file: (ctx, { id }) => getEncounter(ctx, id),
    fields: fieldsOfEncounter,
    setFields: setFieldsOfEncounter,
    ofPatient: ofVisible(listOfPatient),
    beds: listBeds,
    timeline: ofVisible(listTimeline),
  }),
  ...recordRoutes,
  ...imageRoutes,
]
