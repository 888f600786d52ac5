import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { words } from '../words.ts'

export const console = defineConsole({
  module: 'analytics',
  pages: [
    {
      name: 'analytics.dashboard',
      path: '/dashboard',
      title: () => words.title,
      may: 'analytics.read',
      menu: { group: 'figures', order: 10, icon: <Icon name="dashboard" /> },
      help: () => words.help,
      load: () => import('./DashboardPage.tsx').then((m) => m.DashboardPage),
    },
  ],
  home: { page: 'analytics.dashboard', order: 50 },
})
