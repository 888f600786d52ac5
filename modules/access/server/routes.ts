import { serve } from '@renxin/server'
import { exportLimits } from '@renxin/server/export'
import { accessApi, accountsApi, auditApi, exportsApi, rolesApi, ssoApi } from '../contract.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'
import { exportAudit } from './audit-export.ts'
import { getAuditSettings, saveAuditSettings } from './audit-settings.ts'
import { getAuditEntry, listAudit, listAuditActors } from './audit-trail.ts'
import { createClient, listClients, revokeClient } from './clients.ts'
import { changeRole, createRole, listRoles, restoreRole, retireRole, reviveRole } from './edit-roles.ts'
import { changeExportLimits, decideExport, exportNotices, listExportRequests, listOwnExportRequests } from './export-releases.ts'
import { exportChoices, listExports } from './exports.ts'
import { listWithoutAccount, openAccounts } from './open-accounts.ts'
import { changePassword } from './own-password.ts'
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor } from './second-factor.ts'
import { endMySession, lock, sessionsOf, setPin, unlock } from './sessions.ts'
import { getMe, listHospitals, listPersonas, setLanguage, signIn, signOut, signOutEverywhere, switchPersona } from './sign-in.ts'
import { changeRules, rulesOf } from './sign-in-rules.ts'
import { getSso, getSsoButton, saveSso, testSso } from './sso/settings.ts'
import { beginSso, confirmSso, finishSso } from './sso/sign-in-by-sso.ts'
import { signOutBySso } from './sso/sign-out-by-sso.ts'
import { endTemporaryRole, giveTemporaryRole, listTemporaryRoles } from './temporary-roles.ts'
import {
  createUser,
  disableUser,
  enableUser,
  endUserSessions,
  getUser,
  listSessions,
  listUsers,
  resetPassword,
  resetSecondFactor,
  setRoles,
  updateUser,
} from './users.ts'
import { beginViewing, endViewing } from './viewing.ts'

const accounts = serve(accessApi, {
  hospitals: listHospitals,
  demoAccounts: listPersonas,
  signIn,
  signOut,
  signOutEverywhere,
  me: getMe,
  beginViewing,
  endViewing,
  setLanguage,
  changePassword,
  lock,
  unlock,
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  setPin,
  mySessions: (ctx) => sessionsOf(ctx, ctx.actor.id),
  endMySession,
  switchPersona,
  users: listUsers,
  user: (ctx, { id }) => getUser(ctx, id),
  createUser: async (ctx, user) => {
    const { id } = await createUser(ctx, { ...user, mustChangePassword: true })
    return getUser(ctx, id)
  },
  updateUser,
  setRoles,
  disableUser,
  enableUser,
  resetPassword,
  sessions: listSessions,
  endSessions: endUserSessions,
  resetSecondFactor,
  rules: rulesOf,
  changeRules,
  clients: listClients,
  createClient,
  revokeClient,
  apiKeys: listApiKeys,
  createApiKey,
  revokeApiKey,
})

const roles = serve(rolesApi, {
  roles: listRoles,
  createRole,
  changeRole,
  restoreRole,
  retireRole,
  reviveRole,
  temporaryRoles: listTemporaryRoles,
  giveTemporaryRole,
  endTemporaryRole,
})

const opening = serve(accountsApi, { withoutAccount: listWithoutAccount, openAccounts })

const trail = serve(auditApi, {
  audit: listAudit,
  auditEntry: getAuditEntry,
  auditActors: listAuditActors,
  exportAudit,
  auditSettings: getAuditSettings,
  saveAuditSettings,
})

const sso = serve(ssoApi, { ssoButton: getSsoButton, beginSso, finishSso, confirmSso, signOutBySso, sso: getSso, saveSso, testSso })

const taken = serve(exportsApi, {
  exports: listExports,
  exportChoices,
  exportRequests: listExportRequests,
  decideExport,
  ownExportRequests: listOwnExportRequests,
  exportNotices,
  exportLimits,
  saveExportLimits: changeExportLimits,
})

export const routes = [...accounts, ...opening, ...roles, ...trail, ...taken, ...sso]
