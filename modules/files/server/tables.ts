import type { Context } from '@renxin/server'
import type { FileType } from '../contract.ts'

type Tables = {
  'files.files': {
    id: string
    aboutKind: string
    aboutId: string
    patientId: string | null
    name: string
    type: FileType
    sizeBytes: number
    sha256: string
    attachedAt: Date
    attachedBy: string | null
    attachedByName: string
    removedAt: Date | null
  }
  'files.contents': { fileId: string; body: Buffer }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables>()
