import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

export type TabItem<K extends string = string> = { key: K; label: ReactNode; badge?: number | undefined; content?: ReactNode }

type TabsProps<K extends string> = { tabs: readonly TabItem<K>[]; value: K; onChange: (key: K) => void; label?: string }

/** Tabs by the ARIA pattern: arrow keys move, one is in the tab order. The content of the chosen one is drawn, if it has any. */
export function Tabs<K extends string>({ tabs, value, onChange, label }: TabsProps<K>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const chosen = tabs.find((t) => t.key === value)
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const at = tabs.findIndex((t) => t.key === value)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (!next) return
    onChange(next.key)
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus()
  }
  return (
    <div className="rx-tabs">
      <div ref={list} className="rx-tab-list" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            data-key={tab.key}
            aria-selected={tab.key === value}
            aria-controls={tab.key === value && tab.content !== undefined ? `${id}-panel` : undefined}
            tabIndex={tab.key === value ? 0 : -1}
            onClick={() => onChange(tab.key)}
          >
            {tab.label}
            {tab.badge !== undefined && <span className="rx-badge">{tab.badge}</span>}
          </button>
        ))}
      </div>
      {chosen?.content !== undefined && (
        <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${value}`}>
          {chosen.content}
        </div>
      )}
    </div>
  )
}
