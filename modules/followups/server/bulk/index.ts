import { serve } from '@renxin/server'
import { bulkApi } from '../../contract.ts'
import { beginBulk, countBulk, listBulks, undoBulk } from './begin.ts'

export const bulkRoutes = serve(bulkApi, {
  bulkCount: countBulk,
  beginBulk: (ctx, asked) => beginBulk(ctx, asked),
  bulkAssignments: listBulks,
  undoBulk,
})

export { goOnWithBulks } from './step.ts'
