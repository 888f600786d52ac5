import { Popover, Tooltip } from 'antd'
import type { ReactElement, ReactNode } from 'react'

/** A few words on hover and on focus; never the only place where something is said. */
export function Hint({ text, children }: { text: ReactNode; children: ReactElement }) {
  return (
    <Tooltip title={text} trigger={['hover', 'focus']}>
      {children}
    </Tooltip>
  )
}

/** Something small to look at or choose, opened by a click on the child. */
export function Pop({ content, children, title }: { content: ReactNode; children: ReactElement; title?: ReactNode }) {
  return (
    <Popover content={content} title={title} trigger="click">
      {children}
    </Popover>
  )
}
