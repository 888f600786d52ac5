import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import { feedbackApi } from '../contract.ts'
import { amendOpinion, withdrawOpinion } from './amend.ts'
import { listCategories, saveCategory } from './categories.ts'
import { countComplaints, getComplaint, listComplaints } from './complaints.ts'
import { answerComplaint, assignComplaint, closeComplaint, reopenComplaint, sendBackAnswer, verifyComplaint } from './handle.ts'
import { getOpinion, listOpinions, listTimeline } from './opinions.ts'
import { recordOpinion, refuseUnseen } from './record.ts'
import { addRectification, finishRectification, verifyRectification } from './rectify.ts'

export const routes = serve(feedbackApi, {
  categories: listCategories,
  saveCategory,
  list: listOpinions,
  opinion: (ctx, { id }) => getOpinion(ctx, id),
  record: async (ctx, opinion) => {
    await refuseUnseen(ctx, opinion)
    await recordOpinion(ctx, opinion)
    return getOpinion(ctx, opinion.id) // who records sees at least his own
  },
  amend: amendOpinion,
  withdraw: withdrawOpinion,
  complaints: listComplaints,
  complaint: (ctx, { id }) => getComplaint(ctx, id),
  counts: countComplaints,
  assign: assignComplaint,
  answer: answerComplaint,
  sendBack: sendBackAnswer,
  verify: verifyComplaint,
  close: closeComplaint,
  reopen: reopenComplaint,
  addRectification,
  finishRectification,
  verifyRectification,
  timeline: ofVisible(listTimeline),
})
