import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { words } from '../words.ts'

export const console = defineConsole({
  module: 'integration',
  pages: [
    {
      name: 'integration.messages',
      path: '/integration/messages',
      title: () => words.messagesTitle,
      may: 'integration.read',
      menu: { group: 'settings', order: 40, icon: <Icon name="message" /> },
      help: () => words.messagesHelp,
      load: () => import('./MessagesPage.tsx').then((m) => m.MessagesPage),
    },
    {
      name: 'integration.deadLetters',
      path: '/integration/dead-letters',
      title: () => words.deadLettersTitle,
      may: 'integration.read',
      menu: { group: 'settings', order: 40.5, icon: <Icon name="inbox" /> },
      help: () => words.deadLettersHelp,
      load: () => import('./DeadLettersPage.tsx').then((m) => m.DeadLettersPage),
    },
    {
      name: 'integration.imports',
      path: '/integration/imports',
      title: () => words.imports.title,
      may: 'integration.import',
      menu: { group: 'settings', order: 38, icon: <Icon name="file" /> },
      help: () => words.imports.help,
      load: () => import('./imports/ImportsPage.tsx').then((m) => m.ImportsPage),
    },
    {
      name: 'integration.import',
      path: '/integration/imports/:id',
      title: () => words.imports.title,
      may: 'integration.import',
      help: () => words.imports.help,
      load: () => import('./imports/ImportPage.tsx').then((m) => m.ImportPage),
    },
    {
      name: 'integration.senders',
      path: '/integration/senders',
      title: () => words.sendersTitle,
      may: 'integration.read',
      menu: { group: 'settings', order: 41, icon: <Icon name="network" /> },
      help: () => words.sendersHelp,
      load: () => import('./SendersPage.tsx').then((m) => m.SendersPage),
    },
    {
      name: 'integration.sender',
      path: '/integration/senders/:id',
      title: () => words.mapping,
      may: 'integration.manage',
      help: () => words.mappingHelp,
      load: () => import('./SenderPage.tsx').then((m) => m.SenderPage),
    },
    {
      name: 'integration.writeBack',
      path: '/integration/write-back',
      title: () => words.writeBackTitle,
      may: 'integration.read',
      menu: { group: 'settings', order: 42, icon: <Icon name="send" /> },
      help: () => words.writeBackHelp,
      load: () => import('./WriteBackPage.tsx').then((m) => m.WriteBackPage),
    },
    {
      name: 'integration.corrections',
      path: '/integration/corrections',
      title: () => words.correctionsTitle,
      may: 'integration.confirm',
      menu: { group: 'work', order: 60, icon: <Icon name="phone" /> },
      help: () => words.correctionsHelp,
      load: () => import('./CorrectionsPage.tsx').then((m) => m.CorrectionsPage),
    },
  ],
})
