/** What kind of trouble it is, for whoever has a sentence for each; `unforeseen` is none of ours. */
export const backupFaults = [
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
] as const
export type BackupFault = (typeof backupFaults)[number]

/** A backup that cannot be made or used. The message is for the person at the keyboard: what, why and what next. */
export class BackupRefused extends Error {
  override name = 'PlainError'
  readonly fault: BackupFault
  constructor(message: string, fault: BackupFault = 'unforeseen') {
    super(message)
    this.fault = fault
  }
}

/** What went wrong, by its kind: of what the disk says of a full or closed folder too. */
export function faultOf(error: unknown): BackupFault {
  if (error instanceof BackupRefused) return error.fault
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS' || code === 'EDQUOT' ? 'folder' : 'unforeseen'
}
