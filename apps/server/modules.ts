import { access, authenticator } from '@renxin/access'
import { analytics } from '@renxin/analytics'
import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { integration } from '@renxin/integration'
import { patients } from '@renxin/patients'
import type { Module } from '@renxin/server'
import { loadCalendar, staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'

/** The table of contents: every room of the house, from the ground floor up. `setup` joins them in `server.ts`. */
export const modules: readonly Module[] = [access, staff, patients, files, encounters, surveys, feedback, followups, integration, analytics]

export { authenticator, loadCalendar as calendarOf }
