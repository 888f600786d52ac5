import type { Input } from '@renxin/kernel'
import { type Context, openText } from '@renxin/server'
import { imageErrors, type imagesApi } from '../../images-contract.ts'
import { findReport } from '../records/reports.ts'
import { type ArchiveRow, listRows, opened } from './archives.ts'
import { findStudies, NoStudies, type Study } from './qido.ts'
import { fillAddress, signStudy } from './token.ts'

/**
 * The way to a report's images: the archive is asked for the study of its accession number, and the viewer's address is made with a token that holds
 * for some minutes. All archives are asked at once, and none is waited for longer than a person waits; the transaction is held so long.
 */
export async function viewImages(ctx: Context, { id }: Input<(typeof imagesApi)['viewImages']>) {
  const report = await findReport(ctx, id)
  const { accessionNumber, studyUid, patientId } = report
  if (!accessionNumber && !studyUid) throw imageErrors.noImages({ id })
  const archives = (await listRows(ctx)).filter((a) => a.isActive)
  const [only] = archives
  if (!only) throw imageErrors.noArchive()
  const found = accessionNumber
    ? await lookUp(ctx, archives, accessionNumber)
    : { archive: only, study: { studyUid: studyUid ?? '', accessionNumber: null } }

  const { archive, study } = found
  const expiresAt = new Date(ctx.clock.now().getTime() + archive.tokenSeconds * 1000)
  const token = archive.tokenSecret ? signStudy(openText(ctx, archive.tokenSecret), study, expiresAt) : ''
  const url = fillAddress(archive.viewerUrl, { studyUid: study.studyUid, accessionNumber: study.accessionNumber ?? '', token })
  return { id, patientId, url, expiresAt: expiresAt.toISOString() }
}

async function lookUp(
  ctx: Context,
  archives: readonly ArchiveRow[],
  accessionNumber: string,
): Promise<{ archive: ArchiveRow; study: Study }> {
  const answers = await Promise.all(
    archives.map(async (archive) => {
      try {
        const [study] = await findStudies(opened(ctx, archive), accessionNumber)
        return { archive, study, isSilent: false }
      } catch (error) {
        if (!(error instanceof NoStudies)) throw error
        ctx.log.warn({ archiveId: archive.id, failure: error.failure, status: error.status }, 'an image archive did not answer')
        return { archive, study: undefined, isSilent: true }
      }
    }),
  )
  for (const { archive, study } of answers) if (study) return { archive, study }
  const silent = answers.find((a) => a.isSilent)
  if (silent) throw imageErrors.archiveSilent({ archive: silent.archive.name })
  throw imageErrors.studyNotFound({ accessionNumber })
}
