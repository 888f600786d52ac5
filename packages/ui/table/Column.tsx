import type { ReactNode } from 'react'

export type ColumnProps<T> = {
  /** The heading; a column of buttons has none. */
  name?: string
  show: (row: T) => ReactNode
  width?: number | string
  /** Numbers and money stand to the right. */
  align?: 'start' | 'center' | 'end'
  /** Long text is cut to one line; the whole is shown on hover where it is a string. */
  cut?: boolean
  /** Not drawn unless it is chosen in the column settings. */
  hidden?: boolean
}

/** A column of the `Table` it stands in; it draws nothing by itself. */
export function Column<T>(_: ColumnProps<T>): ReactNode {
  return null
}
