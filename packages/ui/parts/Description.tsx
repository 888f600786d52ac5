import type { ReactNode } from 'react'
import { houseWords } from '../words.ts'

type Item = { label: ReactNode; value: ReactNode; wide?: boolean }

/** Facts about one thing, each with its name; a fact that is not known is a dash. */
export function Description({ items, columns = 2 }: { items: readonly (Item | false | null | undefined)[]; columns?: 1 | 2 | 3 | 4 }) {
  return (
    <dl className={`rx-description rx-columns-${columns}`}>
      {items.map((item, at) =>
        item ? (
          <div key={at} className={item.wide ? 'rx-wide' : undefined}>
            <dt>{item.label}</dt>
            <dd>{item.value === null || item.value === undefined || item.value === '' ? houseWords.none : item.value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
