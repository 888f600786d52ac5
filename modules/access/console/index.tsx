import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { words } from '../words.ts'

export { ChangePassword } from './ChangePassword.tsx'
export { ExportAs, ExportButton } from './ExportButton.tsx'
export { ExportNotices } from './ExportNotices.tsx'
export { actorText, permissionName, roleName } from './names.ts'
export { SecondFactor } from './SecondFactor.tsx'
export { ViewingBanner } from './ViewingBanner.tsx'

export const console = defineConsole({
  module: 'access',
  pages: [
    {
      name: 'access.users',
      path: '/access/users',
      title: () => words.users,
      may: 'access.read',
      menu: { group: 'settings', order: 60, icon: <Icon name="people" /> },
      help: () => words.usersHelp,
      load: () => import('./UsersPage.tsx').then((m) => m.UsersPage),
    },
    {
      name: 'access.roles',
      path: '/access/roles',
      title: () => words.roles,
      may: 'access.read',
      menu: { group: 'settings', order: 61, icon: <Icon name="shield" /> },
      help: () => words.rolesHelp,
      load: () => import('./RolesPage.tsx').then((m) => m.RolesPage),
    },
    {
      name: 'access.matrix',
      path: '/access/roles/matrix',
      title: () => words.matrix,
      may: 'access.read',
      help: () => words.roleEditor.matrixHelp,
      load: () => import('./MatrixPage.tsx').then((m) => m.MatrixPage),
    },
    {
      name: 'access.keys',
      path: '/access/keys',
      title: () => words.keys,
      may: 'access.keys',
      menu: { group: 'settings', order: 62, icon: <Icon name="key" /> },
      help: () => words.keysHelp,
      load: () => import('./KeysPage.tsx').then((m) => m.KeysPage),
    },
    {
      name: 'access.rules',
      path: '/access/rules',
      title: () => words.rules.title,
      may: 'access.rules',
      menu: { group: 'settings', order: 63, icon: <Icon name="shield" /> },
      help: () => words.rules.help,
      load: () => import('./RulesPage.tsx').then((m) => m.RulesPage),
    },
    {
      name: 'access.audit',
      path: '/access/audit',
      title: () => words.audit,
      may: 'access.audit',
      menu: { group: 'settings', order: 70, icon: <Icon name="eye" /> },
      help: () => words.auditHelp,
      load: () => import('./AuditPage.tsx').then((m) => m.AuditPage),
    },
    {
      name: 'access.exports',
      path: '/access/exports',
      title: () => words.exporting.title,
      may: ['access.exports', 'access.releaseExports'],
      menu: { group: 'settings', order: 71, icon: <Icon name="download" /> },
      help: () => words.exporting.help,
      load: () => import('./ExportsPage.tsx').then((m) => m.ExportsPage),
    },
    {
      name: 'access.ownExports',
      path: '/me/exports',
      title: () => words.exporting.release.own,
      may: 'signedIn',
      help: () => words.exporting.release.ownHelp,
      load: () => import('./OwnExportsPage.tsx').then((m) => m.OwnExportsPage),
    },
    {
      name: 'access.account',
      path: '/me/account',
      title: () => words.account,
      may: 'signedIn',
      help: () => words.accountHelp,
      load: () => import('./AccountPage.tsx').then((m) => m.AccountPage),
    },
  ],
  home: { page: 'access.audit', order: 90 },
})
