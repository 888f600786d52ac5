import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { followupsApi, outcomes } from '../contract.ts'
import { words } from '../words.ts'

const isOutcome = (kind: string): kind is (typeof outcomes)[number] => (outcomes as readonly string[]).includes(kind)
const isOther = (kind: string): kind is keyof typeof words.timelineKind => Object.hasOwn(words.timelineKind, kind)

export { isLevelTwoPart, LevelTwoRows, LevelTwoTable } from './levels/LevelTwo.tsx'
export { ResultNotices } from './levels/PublishedNews.tsx'
export { UrgeNotices } from './levels/UrgeNotices.tsx'

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
      name: 'followups.standing',
      path: '/followups/standing',
      title: () => words.standing.title,
      may: 'followups.read',
      menu: { group: 'work', order: 8, icon: <Icon name="dashboard" /> },
      help: () => words.standing.help,
      load: () => import('./standing/StandingPage.tsx').then((m) => m.StandingPage),
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
      name: 'followups.supervision',
      path: '/followups/supervision',
      title: () => words.supervision.title,
      may: 'followups.supervise',
      menu: { group: 'work', order: 25, icon: <Icon name="eye" /> },
      help: () => words.supervision.help,
      load: () => import('./levels/SupervisionPage.tsx').then((m) => m.SupervisionPage),
    },
    {
      name: 'followups.urges',
      path: '/followups/urges',
      title: () => words.supervision.urgesTitle,
      may: ['followups.work', 'followups.head'],
      help: () => words.supervision.urgesHelp,
      load: () => import('./levels/UrgesPage.tsx').then((m) => m.UrgesPage),
    },
    {
      name: 'followups.leaves',
      path: '/followups/leaves',
      title: () => words.leaves.title,
      may: ['followups.work', 'followups.assign'],
      menu: { group: 'work', order: 28, icon: <Icon name="person" /> },
      help: () => words.leaves.help,
      load: () => import('./leaves/LeavesPage.tsx').then((m) => m.LeavesPage),
    },
    {
      name: 'followups.draws',
      path: '/followups/draws',
      title: () => words.levels.title,
      may: 'followups.draws',
      menu: { group: 'work', order: 30, icon: <Icon name="filter" /> },
      help: () => words.levels.help,
      load: () => import('./levels/DrawsPage.tsx').then((m) => m.DrawsPage),
    },
    {
      name: 'followups.checks',
      path: '/followups/checks',
      title: () => words.checks.title,
      may: 'followups.checks',
      menu: { group: 'work', order: 32, icon: <Icon name="check" /> },
      help: () => words.checks.help,
      load: () => import('./levels/ChecksPage.tsx').then((m) => m.ChecksPage),
    },
    {
      name: 'followups.cohorts',
      path: '/followups/cohorts',
      title: () => words.cohorts.title,
      may: 'followups.cohorts',
      menu: { group: 'work', order: 34, icon: <Icon name="book" /> },
      help: () => words.cohorts.help,
      load: () => import('./cohorts/CohortsPage.tsx').then((m) => m.CohortsPage),
    },
    {
      name: 'followups.cohort',
      path: '/followups/cohorts/:id',
      title: () => words.cohorts.study,
      may: 'followups.cohorts',
      load: () => import('./cohorts/CohortPage.tsx').then((m) => m.CohortPage),
    },
    {
      name: 'followups.task',
      path: '/followups/tasks/:id',
      title: () => words.task,
      may: 'followups.read',
      load: () => import('./TaskPage.tsx').then((m) => m.TaskPage),
    },
    {
      name: 'followups.flags',
      path: '/followups/flags',
      title: () => words.flags.title,
      may: 'followups.flags',
      menu: { group: 'work', order: 15, icon: <Icon name="flag" /> },
      help: () => words.flags.help,
      load: () => import('./flags/FlagsPage.tsx').then((m) => m.FlagsPage),
    },
    {
      name: 'followups.content',
      path: '/followups/content',
      title: () => words.content.title,
      may: 'followups.programmes',
      menu: { group: 'settings', order: 12, icon: <Icon name="chat" /> },
      help: () => words.content.help,
      load: () => import('./content/ContentPage.tsx').then((m) => m.ContentPage),
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
