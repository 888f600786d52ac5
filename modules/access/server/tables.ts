import type { GuardedField } from '@renxin/kernel'
import type { Context, Generated, GrantScope } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { Language, SignInRules, SsoSettings } from '../contract.ts'

type Tables = {
  'access.users': {
    id: string
    name: string
    displayName: string
    personId: string | null
    passwordHash: string
    language: Generated<Language>
    isDisabled: Generated<boolean>
    mustChangePassword: Generated<boolean>
    isPersona: Generated<boolean>
    createdAt: Date
    lastSignedInAt: Date | null
    passwordSetAt: Date
    totpSecret: Buffer | null
    totpPending: Buffer | null
    totpStep: Generated<string>
    mustAddFactor: Generated<boolean>
    pinHash: string | null
  }
  'access.signInRules': SignInRules
  'access.formerPasswords': { userId: string; setAt: Date; hash: string }
  'access.recoveryCodes': { userId: string; hash: Buffer }
  'access.roles': { id: string; key: string; name: string | null; isRetired: Generated<boolean>; version: Generated<number> }
  'access.grants': { roleId: string; permission: string; scope: GrantScope }
  'access.temporaryRoles': {
    id: string
    userId: string
    roleId: string
    reason: string
    givenAt: Date
    givenBy: string
    until: Date
    isEnded: Generated<boolean>
  }
  'access.hiddenFields': { roleId: string; field: GuardedField }
  'access.presetGrants': { roleKey: string; permission: string; scope: GrantScope }
  'access.userRoles': { userId: string; roleId: string }
  'access.sessions': {
    id: string
    tokenHash: Buffer
    userId: string
    createdAt: Date
    lastUsedAt: Date
    expiresAt: Date
    address: string
    agent: string
    idleMinutes: number
    lockedAt: Date | null
    wrongPins: Generated<number>
    viewingRoleId: string | null
    viewingUnits: Generated<string[]>
    viewingUntil: Date | null
    isBySso: Generated<boolean>
    leaveUrl: Generated<Buffer | null>
    ssoIssuer: Generated<string | null>
    ssoSubject: Generated<Buffer | null>
    ssoSid: Generated<Buffer | null>
  }
  'access.sso': SsoSettings & { secret: Buffer | null }
  'access.ssoAttempts': {
    stateHash: Buffer
    browserHash: Buffer
    secrets: Buffer
    isFresh: boolean
    beganAt: Date
    userId: Generated<string | null>
    leaveUrl: Generated<Buffer | null>
    ssoIssuer: Generated<string | null>
    ssoSubject: Generated<Buffer | null>
    ssoSid: Generated<Buffer | null>
  }
  'access.ssoLogouts': { jtiHash: Buffer; until: Date }
  'access.emergencies': {
    id: string
    userId: string
    patientId: string
    reason: string
    openedAt: Date
    until: Date
    reviewedAt: Generated<Date | null>
    reviewedBy: Generated<string | null>
    isProper: Generated<boolean | null>
    note: Generated<string | null>
  }
  'access.auditSettings': { retentionMonths: number | null; deletionMonths: number | null }
  'access.devices': { tokenHash: Buffer; lastUsedAt: Date }
  'access.guesses': { place: Buffer; count: number; beganAt: Date }
  'access.failures': { nameIndex: Buffer; count: number; lastAt: Date; lockedUntil: Date | null }
  'access.clients': {
    id: string
    name: string
    keys: unknown
    scopes: string[]
    createdAt: Date
    createdBy: string
    lastUsedAt: Generated<Date | null>
    revokedAt: Generated<Date | null>
  }
  'access.clientTokens': { hash: Buffer; clientId: string; scopes: string[]; expiresAt: Date }
  'access.usedAssertions': { clientId: string; jti: string; expiresAt: Date }
  'access.apiKeys': {
    id: string
    name: string
    secretHash: Buffer
    scopes: string[]
    createdAt: Date
    createdBy: string
    lastUsedAt: Date | null
    expiresAt: Date | null
    revokedAt: Date | null
  }
}

/** What other rooms may join. */
export type AccessViews = {
  'access.userCards': { id: string; name: string; displayName: string; personId: string | null; isDisabled: boolean }
  'access.emergencyCards': {
    id: string
    userId: string
    userName: string
    patientId: string
    reason: string
    openedAt: Date
    until: Date
    reviewedAt: Date | null
    reviewedBy: string | null
    isProper: boolean | null
    note: string | null
  }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & AccessViews & StaffViews>()
/** For small reads before another system is asked: no transaction is held open for them. */
export const lookUp = (ctx: Context) => ctx.lookUp.withTables<Tables & AccessViews & StaffViews>()
