import { type IconName, paths } from './icons.ts'

export type { IconName } from './icons.ts'

/** A line icon. It says nothing to a screen reader: a word stands beside it, or the button has a name. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="rx-icon" width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path d={paths[name]} stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
