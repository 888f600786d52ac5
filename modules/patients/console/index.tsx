import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { patientsApi } from '../contract.ts'
import { words } from '../words.ts'

export { OwnFields } from './ExtraFields.tsx'
export { PatientCard, PatientHeader } from './PatientCard.tsx'
export { PatientSearch } from './PatientSearch.tsx'
export { PatientTimeline } from './PatientTimeline.tsx'
export { RevealPhone } from './Reveal.tsx'

const isKind = (kind: string): kind is keyof typeof words.timelineKind => Object.hasOwn(words.timelineKind, kind)

export const console = defineConsole({
  module: 'patients',
  pages: [
    {
      name: 'patients.list',
      path: '/patients',
      title: () => words.title,
      may: 'patients.read',
      menu: { group: 'patients', order: 10, icon: <Icon name="people" /> },
      help: () => words.help,
      load: () => import('./PatientsPage.tsx').then((m) => m.PatientsPage),
    },
    {
      name: 'patients.file',
      path: '/patients/:id',
      title: () => words.fileTitle,
      may: 'patients.read',
      help: () => words.help,
      load: () => import('./FilePage.tsx').then((m) => m.FilePage),
    },
    {
      name: 'patients.duplicates',
      path: '/duplicates',
      title: () => words.merging.title,
      may: 'patients.edit',
      menu: { group: 'patients', order: 15, icon: <Icon name="people" /> },
      help: () => words.merging.help,
      load: () => import('./DuplicatesPage.tsx').then((m) => m.DuplicatesPage),
    },
    {
      name: 'patients.segments',
      path: '/segments',
      title: () => words.segments.title,
      may: 'patients.read',
      menu: { group: 'patients', order: 15, icon: <Icon name="people" /> },
      help: () => words.segments.help,
      load: () => import('./SegmentsPage.tsx').then((m) => m.SegmentsPage),
    },
    {
      name: 'patients.segment',
      path: '/segments/:segmentId',
      title: () => words.segments.members,
      may: 'patients.read',
      help: () => words.segments.help,
      load: () => import('./SegmentPage.tsx').then((m) => m.SegmentPage),
    },
    {
      name: 'patients.gaps',
      path: '/contact-gaps',
      title: () => words.reach.title,
      may: 'patients.read',
      menu: { group: 'patients', order: 16, icon: <Icon name="phone" /> },
      help: () => words.reach.help,
      load: () => import('./ContactGapsPage.tsx').then((m) => m.ContactGapsPage),
    },
    {
      name: 'patients.people',
      path: '/people',
      title: () => words.people.title,
      may: 'patients.read',
      menu: { group: 'patients', order: 17, icon: <Icon name="people" /> },
      help: () => words.people.help,
      load: () => import('./PeoplePage.tsx').then((m) => m.PeoplePage),
    },
    {
      name: 'patients.rights',
      path: '/rights',
      title: () => words.rights.title,
      may: 'patients.rights',
      menu: { group: 'patients', order: 18, icon: <Icon name="people" /> },
      help: () => words.rights.help,
      load: () => import('./RightsPage.tsx').then((m) => m.RightsPage),
    },
    {
      name: 'patients.private',
      path: '/private',
      title: () => words.privacy.listTitle,
      may: 'patients.classify',
      menu: { group: 'patients', order: 19, icon: <Icon name="lock" /> },
      help: () => words.privacy.help,
      load: () => import('./PrivacyPage.tsx').then((m) => m.PrivacyPage),
    },
    {
      name: 'patients.privacyRules',
      path: '/settings/privacy',
      title: () => words.privacy.rulesTitle,
      may: 'patients.manage',
      menu: { group: 'settings', order: 34, icon: <Icon name="lock" /> },
      help: () => words.privacy.rulesHelp,
      load: () => import('./PrivacyRulesPage.tsx').then((m) => m.PrivacyRulesPage),
    },
    {
      name: 'patients.emergencies',
      path: '/access/emergencies',
      title: () => words.emergency.title,
      may: 'access.audit',
      menu: { group: 'settings', order: 71, icon: <Icon name="alarm" /> },
      help: () => words.emergency.help,
      load: () => import('./EmergenciesPage.tsx').then((m) => m.EmergenciesPage),
    },
    {
      name: 'patients.unusual',
      path: '/access/unusual',
      title: () => words.unusual.title,
      may: 'access.audit',
      menu: { group: 'settings', order: 71, icon: <Icon name="eye" /> },
      help: () => words.unusual.help,
      load: () => import('./UnusualPage.tsx').then((m) => m.UnusualPage),
    },
    {
      name: 'patients.fields',
      path: '/settings/fields',
      title: () => words.fields.title,
      may: 'patients.manage',
      menu: { group: 'settings', order: 32, icon: <Icon name="list" /> },
      help: () => words.fields.help,
      load: () => import('./FieldsPage.tsx').then((m) => m.FieldsPage),
    },
    {
      name: 'patients.identityClasses',
      path: '/settings/identity-classes',
      title: () => words.identity.title,
      may: 'patients.manage',
      menu: { group: 'settings', order: 33, icon: <Icon name="people" /> },
      help: () => words.identity.help,
      load: () => import('./IdentityClassesPage.tsx').then((m) => m.IdentityClassesPage),
    },
    {
      name: 'patients.settings',
      path: '/settings/contact',
      title: () => words.settingsTitle,
      may: 'patients.manage',
      menu: { group: 'settings', order: 30, icon: <Icon name="phone" /> },
      help: () => words.settingsHelp,
      load: () => import('./SettingsPage.tsx').then((m) => m.SettingsPage),
    },
  ],
  panels: [
    {
      slot: 'access.audit',
      name: 'patients.ofTrail',
      title: () => words.trail.title,
      may: 'access.audit',
      load: () => import('./OfTrail.tsx').then((m) => m.OfTrail),
    },
    {
      slot: 'patients.file',
      name: 'household',
      title: () => words.reach.household,
      may: 'patients.read',
      order: 60,
      load: () => import('./Household.tsx').then((m) => m.Household),
    },
  ],
  timeline: patientsApi.timeline,
  timelineWords: (kind) => (isKind(kind) ? words.timelineKind[kind] : undefined),
  search: { may: 'patients.read', load: () => import('./PatientSearch.tsx').then((m) => m.PatientSearch) },
})
