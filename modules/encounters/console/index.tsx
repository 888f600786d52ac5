import { defineConsole } from '@renxin/client'
import { Icon, type IconName } from '@renxin/ui'
import { encountersApi } from '../contract.ts'
import { words } from '../words.ts'

export { EncounterPanel } from './EncounterPanel.tsx'

/** The word for a kind of entry; `booking.noShow` stands one step deeper. */
function wordOf(kind: string): string | undefined {
  const [first = '', second = ''] = kind.split('.')
  const { booking, ...plain } = words.timeline
  if (first === 'booking') return Object.entries(booking).find(([name]) => name === second)?.[1]
  return Object.entries(plain).find(([name]) => name === kind)?.[1]
}

const icons: Readonly<Record<string, IconName>> = {
  inpatient: 'bed',
  daySurgery: 'bed',
  discharged: 'check',
  outpatient: 'people',
  emergency: 'alarm',
  checkUp: 'clipboard',
  criticalValue: 'alarm',
  laboratory: 'chart',
  document: 'file',
  booking: 'calendar',
}

/** A shape for what one looks for in a long line. */
const iconOf = (kind: string): IconName | undefined => icons[kind.split('.')[0] ?? '']

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
      name: 'encounters.checkUps',
      path: '/check-ups',
      title: () => words.checkUps.title,
      may: 'encounters.results',
      menu: { group: 'patients', order: 21, icon: <Icon name="clipboard" /> },
      help: () => words.checkUps.help,
      load: () => import('./CheckUpsPage.tsx').then((m) => m.CheckUpsPage),
    },
    {
      name: 'encounters.stay',
      path: '/encounters/:id',
      title: () => words.stay,
      may: 'encounters.read',
      load: () => import('./StayPage.tsx').then((m) => m.StayPage),
    },
    {
      name: 'encounters.report',
      path: '/records/reports/:id',
      title: () => words.records.report,
      may: 'encounters.results',
      load: () => import('./records/RecordPages.tsx').then((m) => m.ReportPage),
    },
    {
      name: 'encounters.document',
      path: '/records/documents/:id',
      title: () => words.records.document,
      may: 'encounters.results',
      load: () => import('./records/RecordPages.tsx').then((m) => m.DocumentPage),
    },
    {
      name: 'encounters.archives',
      path: '/settings/image-archives',
      title: () => words.records.archives.title,
      may: 'integration.manage',
      menu: { group: 'settings', order: 60, icon: <Icon name="eye" /> },
      help: () => words.records.archives.help,
      load: () => import('./images/ArchivesPage.tsx').then((m) => m.ArchivesPage),
    },
  ],
  panels: [
    {
      slot: 'patients.file',
      name: 'encounters.ofPatient',
      title: () => words.visits,
      may: 'encounters.read',
      order: 10,
      load: () => import('./EncounterPanel.tsx').then((m) => m.EncountersOfPatient),
    },
    {
      slot: 'patients.file',
      name: 'encounters.checkUps',
      title: () => words.checkUps.title,
      may: 'encounters.results',
      order: 15,
      load: () => import('./records/CheckUps.tsx').then((m) => m.CheckUpsOfPatient),
    },
    {
      slot: 'patients.file',
      name: 'encounters.laboratory',
      title: () => words.records.tabs.laboratory,
      may: 'encounters.results',
      order: 20,
      load: () => import('./records/RecordsPanel.tsx').then((m) => m.LaboratoryOfPatient),
    },
    {
      slot: 'patients.file',
      name: 'encounters.examinations',
      title: () => words.records.tabs.examinations,
      may: 'encounters.results',
      order: 21,
      load: () => import('./records/RecordsPanel.tsx').then((m) => m.ExaminationsOfPatient),
    },
    {
      slot: 'patients.file',
      name: 'encounters.documents',
      title: () => words.records.tabs.documents,
      may: 'encounters.results',
      order: 22,
      load: () => import('./records/RecordsPanel.tsx').then((m) => m.DocumentsOfPatient),
    },
    {
      slot: 'patients.file',
      name: 'encounters.recordsOfPatient',
      title: () => words.records.others,
      may: 'encounters.read',
      order: 23,
      load: () => import('./records/RecordsPanel.tsx').then((m) => m.OtherRecordsOfPatient),
    },
  ],
  timeline: encountersApi.timeline,
  timelineWords: wordOf,
  timelineIcon: iconOf,
})
