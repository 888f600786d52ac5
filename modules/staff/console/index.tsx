import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { words } from '../words.ts'

export { PeopleSelect, PersonSelect, UnitSelect, UnitsSelect } from './selects.tsx'
export { yearsOfService } from './years-of-service.ts'

export const console = defineConsole({
  module: 'staff',
  pages: [
    {
      name: 'staff.units',
      path: '/staff',
      title: () => words.title,
      may: 'staff.manage',
      menu: { group: 'settings', order: 40, icon: <Icon name="building" /> },
      help: () => words.help,
      load: () => import('./StaffPage.tsx').then((m) => m.StaffPage),
    },
    {
      name: 'staff.holidays',
      path: '/staff/holidays',
      title: () => words.holidays,
      may: 'staff.manage',
      menu: { group: 'settings', order: 50, icon: <Icon name="calendar" /> },
      help: () => words.holidaysHelp,
      load: () => import('./HolidaysPage.tsx').then((m) => m.HolidaysPage),
    },
  ],
})
