import { serve } from '@renxin/server'
import { imagesApi } from '../../images-contract.ts'
import { listArchives, removeArchive, saveArchive, testArchive } from './archives.ts'
import { viewImages } from './view-images.ts'

export const imageRoutes = serve(imagesApi, {
  archives: listArchives,
  saveArchive,
  removeArchive,
  testArchive,
  viewImages,
})
