import { call, defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { checklistApi } from '../contract.ts'
import { words } from '../words.ts'

export { HealthAlarm } from './HealthAlarm.tsx'

export const console = defineConsole({
  module: 'setup',
  pages: [
    {
      name: 'setup.found',
      path: '/setup',
      title: () => words.foundTitle,
      may: 'anyone',
      load: () => import('./FoundPage.tsx').then((m) => m.FoundPage),
    },
    {
      name: 'setup.checklist',
      path: '/checklist',
      title: () => words.checklist.title,
      may: 'setup.health',
      menu: { group: 'settings', order: 50, icon: <Icon name="list" /> },
      help: () => words.checklist.help,
      load: () => import('./ChecklistPage.tsx').then((m) => m.ChecklistPage),
    },
    {
      name: 'setup.health',
      path: '/health',
      title: () => words.health.title,
      may: 'setup.health',
      menu: { group: 'settings', order: 78, icon: <Icon name="check" /> },
      help: () => words.health.help,
      load: () => import('./HealthPage.tsx').then((m) => m.HealthPage),
    },
    {
      name: 'setup.backups',
      path: '/backups',
      title: () => words.backupsTitle,
      may: 'setup.backups',
      menu: { group: 'settings', order: 80, icon: <Icon name="download" /> },
      help: () => words.backupsHelp,
      load: () => import('./BackupsPage.tsx').then((m) => m.BackupsPage),
    },
    {
      name: 'setup.simulation',
      path: '/simulation',
      title: () => words.simulationTitle,
      may: 'setup.simulate',
      menu: { group: 'settings', order: 90, icon: <Icon name="play" /> },
      help: () => words.help,
      load: () => import('./SimulationPage.tsx').then((m) => m.SimulationPage),
    },
  ],
  home: {
    page: 'setup.checklist',
    order: 1,
    isWanted: () =>
      call(checklistApi.checklist, {}).then(
        ({ isDone }) => !isDone,
        () => false,
      ),
  },
})
