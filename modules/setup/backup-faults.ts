import { z } from 'zod'

/** Why a backup or a drill failed, or why a backup cannot be used; each has its sentence. */
export const BackupFault = z.enum([
  'unreachable',
  'busy',
  'otherDatabase',
  'tablespaces',
  'folder',
  'noBackup',
  'spoilt',
  'otherKey',
  'notRight',
  'gap',
  'notRecovered',
  'tooOld',
  'unforeseen',
])
export type BackupFault = z.infer<typeof BackupFault>
