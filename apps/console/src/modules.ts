import type { Console } from '@renxin/client'
import { console as encounters } from '@renxin/encounters/console'

/** The consoles of all modules. Each says what pages it has; their code is fetched when they are opened. */
export const consoles: readonly Console[] = [encounters]
