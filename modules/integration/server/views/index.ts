import { serve } from '@renxin/server'
import { viewsApi } from '../../views-contract.ts'
import { ask, getAnswer, listCounts, listSources, listViewRows, reload, reread, saveSource, saveView } from './service.ts'

export const viewRoutes = serve(viewsApi, {
  sources: listSources,
  saveSource,
  saveView,
  ask,
  answer: getAnswer,
  viewRows: listViewRows,
  reread,
  reload,
  viewCounts: listCounts,
})

export { type Poller, startViews } from './poller.ts'
export { saveSource, saveView } from './service.ts'
