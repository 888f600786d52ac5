import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { encountersApi } from '../contract.ts'
import { words } from '../words.ts'

export { EncounterPanel } from './EncounterPanel.tsx'

const isKind = (kind: string): kind is keyof typeof words.timeline => Object.hasOwn(words.timeline, kind)

export const console = defineConsole({
  module: 'encounters',
  pages: [
    {
      name: 'encounters.list',
      path: '/encounters',
      title: () => words.title,
      may: 'encounters.read',
      menu: { group: 'patients', order: 20, icon: <Icon name="bed" /> },
      help: () => words.help,
      load: () => import('./EncountersPage.tsx').then((m) => m.EncountersPage),
    },
    {
      name: 'encounters.stay',
      path: '/encounters/:id',
      title: () => words.stay,
      may: 'encounters.read',
      load: () => import('./StayPage.tsx').then((m) => m.StayPage),
    },
  ],
  panels: [
    {
      slot: 'patients.file',
      name: 'encounters.ofPatient',
      title: () => words.title,
      may: 'encounters.read',
      order: 10,
      load: () => import('./EncounterPanel.tsx').then((m) => m.EncountersOfPatient),
    },
  ],
  timeline: encountersApi.timeline,
  timelineWords: (kind) => (isKind(kind) ? words.timeline[kind] : undefined),
})
