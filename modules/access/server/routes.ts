import { serve } from '@renxin/server'
import { accessApi } from '../contract.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'
import { listAudit } from './audit-trail.ts'
import { createClient, listClients, revokeClient } from './clients.ts'
import { listRoles } from './roles.ts'
import {
  changePassword,
  getMe,
  listHospitals,
  listPersonas,
  setLanguage,
  signIn,
  signOut,
  signOutEverywhere,
  switchPersona,
} from './sign-in.ts'
import { createUser, disableUser, enableUser, getUser, listUsers, resetPassword, setRoles, updateUser } from './users.ts'

export const routes = serve(accessApi, {
  hospitals: listHospitals,
  demoAccounts: listPersonas,
  signIn,
  signOut,
  signOutEverywhere,
  me: getMe,
  setLanguage,
  changePassword,
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
  roles: listRoles,
  clients: listClients,
  createClient,
  revokeClient,
  apiKeys: listApiKeys,
  createApiKey,
  revokeApiKey,
  audit: listAudit,
})
