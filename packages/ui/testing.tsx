import { type RenderResult, render } from '@testing-library/react'
import { type UserEvent, userEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { UiProvider } from './UiProvider.tsx'

/** What browsers have and jsdom lacks. */
function furnish() {
  const { window: w } = globalThis
  if (typeof w.matchMedia !== 'function') {
    w.matchMedia = (media) =>
      Object.assign(new EventTarget(), { matches: false, media, onchange: null, addListener: () => {}, removeListener: () => {} })
  }
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  w.HTMLElement.prototype.scrollIntoView ??= () => {}
  w.HTMLElement.prototype.scrollTo ??= () => {}
  globalThis.CSS ??= { escape: (text: string) => text.replace(/["\\]/g, '\\$&') } as typeof CSS // the one function used here
}

furnish()

/** Draws components in the look and language of the house. */
export const draw = (element: ReactNode): RenderResult & { user: UserEvent } => ({
  user: userEvent.setup(),
  ...render(<UiProvider>{element}</UiProvider>),
})
