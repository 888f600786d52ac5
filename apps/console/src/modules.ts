import { console as access } from '@renxin/access/console'
import { console as analytics } from '@renxin/analytics/console'
import type { Console } from '@renxin/client'
import { console as encounters } from '@renxin/encounters/console'
import { console as feedback } from '@renxin/feedback/console'
import { console as followups } from '@renxin/followups/console'
import { console as integration } from '@renxin/integration/console'
import { console as patients } from '@renxin/patients/console'
import { console as setup } from '@renxin/setup/console'
import { console as staff } from '@renxin/staff/console'
import { console as surveys } from '@renxin/surveys/console'

/** The consoles of all modules. Each says what pages it has; their code is fetched when they are opened. */
export const consoles: readonly Console[] = [
  followups,
  patients,
  encounters,
  feedback,
  surveys,
  analytics,
  staff,
  integration,
  access,
  setup,
]
