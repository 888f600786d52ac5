/** A backup that cannot be made or used. The message is for the person at the keyboard: what, why and what next. */
export class BackupRefused extends Error {
  override name = 'PlainError'
}
