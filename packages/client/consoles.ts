import type { Route } from '@renxin/kernel'
import type { IconName } from '@renxin/ui'
import { type ComponentType, createContext, type ReactNode, use } from 'react'

export type MenuGroup = 'work' | 'patients' | 'feedback' | 'figures' | 'settings'

export type PageSpec = {
  /** Unique over all modules: pages are addressed by it, `go('followups.today')`. */
  name: string
  /** `/followups/tasks/:id`. */
  path: string
  title: () => string
  /** The permission, or several of which one is enough; the page is not offered without. */
  may: string | readonly string[]
  /** Its place in the side menu; pages without one are reached from others. */
  menu?: { group: MenuGroup; order: number; icon: ReactNode }
  /** Three sentences for the help of the page. */
  help?: () => string
  // biome-ignore lint/complexity/noBannedTypes: a page takes no properties; it reads the address
  load: () => Promise<ComponentType<{}>>
}

/** Something a module shows on another module's page, without that page knowing of it. */
export type PanelSpec = {
  /** The page's name and where on it: `patients.file`. */
  slot: string
  name: string
  title: () => string
  may: string | readonly string[]
  order?: number
  /** Its properties are what the page says of the slot, `{ patientId }`. */
  load: () => Promise<ComponentType<Record<string, string>>>
}

export type Console = {
  module: string
  pages: readonly PageSpec[]
  panels?: readonly PanelSpec[]
  /** The route that gives this module's part of a patient's time line, and the words for its kinds. */
  timeline?: Route
  timelineWords?: (kind: string) => string | undefined
  timelineIcon?: (kind: string) => IconName | undefined
  /** The search in the top bar; one module gives it. `onClose` is called once somebody has chosen. */
  search?: { may: string; load: () => Promise<ComponentType<{ onClose: () => void }>> }
  /** The page somebody comes to first, by what they may do (`may`, where that is not the page's own); the smallest order wins. */
  home?: {
    page: string
    order: number
    may?: string | readonly string[]
    /** Asked each time somebody begins, where the page is the first one only for a while. */
    isWanted?: () => Promise<boolean>
  }
}

export const defineConsole = (spec: Console): Console => spec

export const ConsolesContext = createContext<readonly Console[]>([])

/** What all modules offer. */
export const useConsoles = (): readonly Console[] => use(ConsolesContext)

export const mayAny = (may: (permission: string) => boolean, wanted: string | readonly string[]): boolean =>
  typeof wanted === 'string' ? may(wanted) : wanted.some(may)
