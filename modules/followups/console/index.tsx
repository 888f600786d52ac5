import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { followupsApi, outcomes } from '../contract.ts'
import { words } from '../words.ts'

const isOutcome = (kind: string): kind is (typeof outcomes)[number] => (outcomes as readonly string[]).includes(kind)
const isOther = (kind: string): kind is keyof typeof words.timelineKind => Object.hasOwn(words.timelineKind, kind)

export const console = defineConsole({
  module: 'followups',
  home: { page: 'followups.today', order: 10 },
  pages: [
    {
      name: 'followups.today',
      path: '/followups/today',
      title: () => words.todayTitle,
      may: 'followups.work',
      menu: { group: 'work', order: 10, icon: <Icon name="phone" /> },
      help: () => words.todayHelp,
      load: () => import('./TodayPage.tsx').then((m) => m.TodayPage),
    },
    {
      name: 'followups.board',
      path: '/followups/tasks',
      title: () => words.boardTitle,
      may: 'followups.read',
      menu: { group: 'work', order: 20, icon: <Icon name="list" /> },
      help: () => words.boardHelp,
      load: () => import('./BoardPage.tsx').then((m) => m.BoardPage),
    },
    {
      name: 'followups.task',
      path: '/followups/tasks/:id',
      title: () => words.task,
      may: 'followups.read',
      load: () => import('./TaskPage.tsx').then((m) => m.TaskPage),
    },
    {
      name: 'followups.programmes',
      path: '/followups/programmes',
      title: () => words.programmesTitle,
      may: 'followups.programmes',
      menu: { group: 'settings', order: 10, icon: <Icon name="calendar" /> },
      help: () => words.programmesHelp,
      load: () => import('./ProgrammesPage.tsx').then((m) => m.ProgrammesPage),
    },
  ],
  panels: [
    {
      slot: 'patients.head',
      name: 'followups.glance',
      title: () => words.glance,
      may: 'followups.read',
      order: 10,
      load: () => import('./OfPatient.tsx').then((m) => m.FollowupsAtAGlance),
    },
    {
      slot: 'patients.file',
      name: 'followups.ofPatient',
      title: () => words.boardTitle,
      may: 'followups.read',
      order: 50,
      load: () => import('./OfPatient.tsx').then((m) => m.FollowupsOfPatient),
    },
  ],
  timeline: followupsApi.timeline,
  timelineWords: (kind) => (isOutcome(kind) ? words.outcome[kind] : isOther(kind) ? words.timelineKind[kind] : undefined),
})
