import type { ReactNode } from 'react'
import { formatDue, formatFull } from '../formats.ts'
import { houseWords } from '../words.ts'
import { Button } from './Button.tsx'
import { Icon, type IconName } from './Icon.tsx'

export type TimelineItem = {
  id: string
  at: string
  title: ReactNode
  text?: ReactNode
  /** A word for what kind of thing it is. */
  kind?: ReactNode
  tone?: 'plain' | 'good' | 'bad' | 'warning'
  icon?: IconName
  action?: ReactNode
}

type TimelineProps = { items: readonly TimelineItem[]; hasMore?: boolean; isLoadingMore?: boolean; onMore?: () => unknown }

/** What happened, newest first. */
export function Timeline({ items, hasMore = false, isLoadingMore = false, onMore }: TimelineProps) {
  return (
    <>
      <ol className="rx-timeline">
        {items.map((item) => (
          <li key={item.id} className={`rx-timeline-${item.tone ?? 'plain'}`}>
            <span className="rx-timeline-dot">{item.icon && <Icon name={item.icon} size={14} />}</span>
            <div className="rx-timeline-body">
              <div className="rx-timeline-head">
                <time dateTime={item.at} title={formatFull(item.at)}>
                  {formatDue(item.at)}
                </time>
                {item.kind && <span>{item.kind}</span>}
              </div>
              <div className="rx-timeline-title">{item.title}</div>
              {item.text && <p>{item.text}</p>}
              {item.action}
            </div>
          </li>
        ))}
      </ol>
      {hasMore && (
        <Button kind="quiet" size="small" busy={isLoadingMore} onClick={() => onMore?.()}>
          {houseWords.loadMore}
        </Button>
      )}
    </>
  )
}
