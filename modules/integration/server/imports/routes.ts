import { serve } from '@renxin/server'
import { importsApi } from '../../imports-contract.ts'
import { listFolders, listRuns, saveFolder } from './drop-folders.ts'
import { downloadFailed } from './failed.ts'
import { editRow, listRows, mendRows } from './rows.ts'
import {
  applyImport,
  checkImport,
  discardImport,
  getImport,
  listImports,
  reopenImport,
  setColumns,
  undoImport,
  uploadFile,
} from './service.ts'

export const importRoutes = serve(importsApi, {
  imports: listImports,
  importFile: (ctx, { id }) => getImport(ctx, id),
  upload: uploadFile,
  setColumns,
  check: (ctx, { id }) => checkImport(ctx, id),
  reopen: (ctx, { id }) => reopenImport(ctx, id),
  importRows: listRows,
  editRow,
  mendRows,
  applyImport: (ctx, { id }) => applyImport(ctx, id),
  discard: (ctx, { id }) => discardImport(ctx, id),
  undoImport: (ctx, { id }) => undoImport(ctx, id),
  downloadFailed,
  dropFolders: listFolders,
  saveDropFolder: saveFolder,
  dropRuns: listRuns,
})
