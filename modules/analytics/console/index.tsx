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
    {
      name: 'analytics.appraisal',
      path: '/appraisal',
      title: () => words.appraisal.title,
      may: 'analytics.read',
      menu: { group: 'figures', order: 15, icon: <Icon name="check" /> },
      help: () => words.appraisal.help,
      load: () => import('./appraisal/AppraisalPage.tsx').then((m) => m.AppraisalPage),
    },
    {
      name: 'analytics.revisits',
      path: '/revisits',
      title: () => words.revisits.title,
      may: 'analytics.read',
      menu: { group: 'figures', order: 20, icon: <Icon name="undo" /> },
      help: () => words.revisits.help,
      load: () => import('./revisits/RevisitsPage.tsx').then((m) => m.RevisitsPage),
    },
    {
      name: 'analytics.revisitRanking',
      path: '/revisits/ranking',
      title: () => words.revisits.ranking.title,
      may: 'analytics.read',
      help: () => words.revisits.ranking.help,
      load: () => import('./revisits/RankingPage.tsx').then((m) => m.RankingPage),
    },
  ],
  home: { page: 'analytics.dashboard', order: 50 },
})
