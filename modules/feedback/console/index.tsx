import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { feedbackApi } from '../contract.ts'
import { words } from '../words.ts'

export { OpinionPad, type OpinionPadProps } from './OpinionPad.tsx'

const isKind = (kind: string): kind is keyof typeof words.timeline => Object.hasOwn(words.timeline, kind)

export const console = defineConsole({
  module: 'feedback',
  pages: [
    {
      name: 'feedback.complaints',
      path: '/feedback/complaints',
      title: () => words.complaints,
      may: 'feedback.read',
      menu: { group: 'feedback', order: 10, icon: <Icon name="flag" /> },
      help: () => words.complaintsHelp,
      load: () => import('./ComplaintsPage.tsx').then((m) => m.ComplaintsPage),
    },
    {
      name: 'feedback.complaint',
      path: '/feedback/complaints/:id',
      title: () => words.complaints,
      may: 'feedback.read',
      help: () => words.complaintsHelp,
      load: () => import('./ComplaintPage.tsx').then((m) => m.ComplaintPage),
    },
    {
      name: 'feedback.opinions',
      path: '/feedback/opinions',
      title: () => words.opinions,
      may: 'feedback.read',
      menu: { group: 'feedback', order: 20, icon: <Icon name="chat" /> },
      help: () => words.opinionsHelp,
      load: () => import('./OpinionsPage.tsx').then((m) => m.OpinionsPage),
    },
    {
      name: 'feedback.categories',
      path: '/feedback/categories',
      title: () => words.categories,
      may: 'feedback.handle',
      menu: { group: 'settings', order: 35, icon: <Icon name="tag" /> },
      help: () => words.categoriesHelp,
      load: () => import('./CategoriesPage.tsx').then((m) => m.CategoriesPage),
    },
  ],
  panels: [
    {
      slot: 'patients.file',
      name: 'feedback.ofPatient',
      title: () => words.opinions,
      may: ['feedback.read', 'feedback.record'],
      order: 60,
      load: () => import('./OfPatient.tsx').then((m) => m.OpinionsOfPatient),
    },
  ],
  timeline: feedbackApi.timeline,
  timelineWords: (kind) => (isKind(kind) ? words.timeline[kind] : undefined),
  home: { page: 'feedback.complaints', order: 50, may: 'feedback.handle' },
})
