import { cleanup } from '@testing-library/react'
import { afterEach, vi } from 'vitest'
import { dismiss, presentNotices } from './layers/notices.ts'

// Said for each file anew: what the files of a worker import is read once.
afterEach(() => {
  cleanup()
  for (const { id } of presentNotices()) dismiss(id)
  document.body.replaceChildren() // what lay over the page, and was on its way out
  document.head.replaceChildren() // the more styles there are, the longer it takes to tell what is hidden
  vi.unstubAllGlobals()
})
