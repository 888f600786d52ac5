import { serve } from '@renxin/server'
import { encountersApi } from '../contract.ts'
import { getEncounter, listBeds, listEncounters, listOfPatient, listTimeline } from './service.ts'

export const routes = serve(encountersApi, {
  list: listEncounters,
  file: (ctx, { id }) => getEncounter(ctx, id),
  ofPatient: listOfPatient,
  beds: listBeds,
  timeline: listTimeline,
})
