import { serve } from '@renxin/server'
import { integrationApi } from '../contract.ts'
import { getMessage, listCauses, listMessages } from './inbox.ts'
import { assign, listSenders, listUnclaimed, saveSender, testMapping } from './manage-senders.ts'
import { getRaw, mendMessage, replayAll, replayMessage, setAside } from './mend.ts'
import { getRetention, saveRetention } from './retention.ts'

export const routes = serve(integrationApi, {
  messages: listMessages,
  causes: listCauses,
  message: (ctx, { id }) => getMessage(ctx, id),
  raw: (ctx, { id }) => getRaw(ctx, id),
  mend: mendMessage,
  replay: replayMessage,
  replayAll,
  setAside,
  retention: getRetention,
  saveRetention,
  senders: listSenders,
  saveSender,
  testMapping,
  unclaimed: listUnclaimed,
  assign,
})
