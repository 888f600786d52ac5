import { serve } from '@renxin/server'
import { filesApi } from '../contract.ts'
import { attachFile, downloadFile, listFiles, removeFile } from './service.ts'

export const routes = serve(filesApi, {
  list: listFiles,
  attach: (ctx, { id, name, base64, aboutKind, aboutId }) =>
    attachFile(ctx, { id, name, body: Buffer.from(base64, 'base64'), about: { kind: aboutKind, id: aboutId } }),
  download: downloadFile,
  remove: removeFile,
})
