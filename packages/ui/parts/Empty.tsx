import type { ReactNode } from 'react'
import { houseWords } from '../words.ts'
import { Mark } from './Mark.tsx'

/** Nothing here: why, and one next step. */
export function Empty({ children = houseWords.emptyList, action }: { children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="rx-empty">
      <Mark size={40} colour="var(--rx-line)" />
      <p>{children}</p>
      {action}
    </div>
  )
}
