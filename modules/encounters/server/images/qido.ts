import { askWeb, isClosedAddress } from '@renxin/server'
import { z } from 'zod'
import type { ArchiveAnswer } from '../../images-contract.ts'

/** As long as somebody waits who has pressed a button; the transaction is held no longer. */
const LONGEST_MS = 4000
const LONGEST_ANSWER = 1_000_000

export type Archive = { qidoUrl: string; auth: 'none' | 'basic' | 'bearer'; authUser: string; secret: string }
export type Study = { studyUid: string; accessionNumber: string | null }

type Failure = Exclude<ArchiveAnswer['outcome'], 'answered'>

/** Why an archive gave no answer that can be read. */
export class NoStudies extends Error {
  readonly failure: Failure
  readonly status: number | null
  constructor(failure: Failure, status: number | null, cause?: unknown) {
    super(`image archive: ${failure}`, { cause })
    this.failure = failure
    this.status = status
  }
}

const element = z.object({ Value: z.array(z.unknown()).optional() }).optional()
/** DICOM PS3.18 annex F: attributes by their tags; 0020000D study, 00080050 accession number, 00080020 study date. */
const Found = z.array(z.object({ '0020000D': element, '00080050': element, '00080020': element }))

/**
 * The studies that bear an accession number, latest first (QIDO-RS, PS3.18 10.6). Matching is exact: an archive that takes `*` and `?` for wildcards, or that
 * overlooks the query, shows nobody else's images.
 */
export async function findStudies(archive: Archive, accessionNumber: string, longestMs = LONGEST_MS): Promise<Study[]> {
  const found = await ask(archive, `AccessionNumber=${encodeURIComponent(accessionNumber)}&limit=20`, longestMs)
  return found
    .flatMap((study) => {
      const [studyUid, accession, on] = (['0020000D', '00080050', '00080020'] as const).map((tag) => first(study[tag]))
      if (!studyUid || !/^[\d.]{1,64}$/.test(studyUid) || accession?.trim() !== accessionNumber) return []
      return [{ studyUid, accessionNumber, on: on ?? '' }]
    })
    .sort((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : 0))
    .map(({ on: _, ...study }) => study)
}

/** Asks an archive for one study, whichever it is, to see whether it answers. */
export async function knockArchive(archive: Archive, longestMs = LONGEST_MS): Promise<ArchiveAnswer> {
  const began = performance.now()
  const tell = (outcome: ArchiveAnswer['outcome'], status: number | null) => ({
    outcome,
    status,
    milliseconds: Math.round(performance.now() - began),
  })
  try {
    await ask(archive, 'limit=1', longestMs)
    return tell('answered', 200)
  } catch (error) {
    if (!(error instanceof NoStudies)) throw error
    return tell(error.failure, error.status)
  }
}

async function ask(archive: Archive, query: string, longestMs: number): Promise<z.infer<typeof Found>> {
  const { status, text } = await fetchText(archive, query, longestMs)
  if (status === 401 || status === 403) throw new NoStudies('unauthorized', status)
  if (status === 204) return [] // older archives say "nothing" so
  if (status !== 200) throw new NoStudies('notDicomweb', status)
  try {
    return Found.parse(JSON.parse(text))
  } catch (error) {
    throw new NoStudies('notDicomweb', status, error)
  }
}

async function fetchText(archive: Archive, query: string, longestMs: number): Promise<{ status: number; text: string }> {
  try {
    return await askWeb(`${archive.qidoUrl.replace(/\/+$/, '')}/studies?${query}`, {
      headers: { accept: 'application/dicom+json', ...authorization(archive) },
      longestMs,
      longestText: LONGEST_ANSWER,
    })
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw new NoStudies(isClosedAddress(error) ? 'closedAddress' : isLate ? 'timeout' : 'unreachable', null, error)
  }
}

function authorization({ auth, authUser, secret }: Archive): Record<string, string> {
  if (auth === 'bearer') return { authorization: `Bearer ${secret}` }
  if (auth === 'basic') return { authorization: `Basic ${Buffer.from(`${authUser}:${secret}`).toString('base64')}` }
  return {}
}

function first(from: z.infer<typeof element>): string | undefined {
  const value = from?.Value?.[0]
  return typeof value === 'string' ? value : undefined
}
