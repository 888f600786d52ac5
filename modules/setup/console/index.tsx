import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { words } from '../words.ts'

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
      name: 'setup.simulation',
      path: '/simulation',
      title: () => words.simulationTitle,
      may: 'setup.simulate',
      menu: { group: 'settings', order: 90, icon: <Icon name="play" /> },
      help: () => words.help,
      load: () => import('./SimulationPage.tsx').then((m) => m.SimulationPage),
    },
  ],
})
