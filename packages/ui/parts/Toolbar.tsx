import type { CSSProperties, ReactNode } from 'react'

/** Filters to the left, actions to the right, wrapping where it is narrow. */
export function Toolbar({ children, actions, label }: { children?: ReactNode; actions?: ReactNode; label?: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend and its own layout
    <div className="rx-toolbar" role="group" aria-label={label}>
      <div className="rx-toolbar-main">{children}</div>
      {actions && <div className="rx-toolbar-actions">{actions}</div>}
    </div>
  )
}

/** Things in a row or, with `stack`, beneath each other, on the 4 px grid. */
export function Row({ children, gap = 8, wrap = true }: { children: ReactNode; gap?: 4 | 8 | 12 | 16 | 24; wrap?: boolean }) {
  return <div style={{ display: 'flex', gap, flexWrap: wrap ? 'wrap' : 'nowrap', alignItems: 'center', minWidth: 0 }}>{children}</div>
}

export function Stack({ children, gap = 16 }: { children: ReactNode; gap?: 4 | 8 | 12 | 16 | 24 }) {
  return <div style={{ display: 'flex', flexDirection: 'column', gap, minWidth: 0 }}>{children}</div>
}

/** A variable, so that the narrow window's rule can overrule it. */
const styleOf = (sizes: string, gap: number): CSSProperties => ({ '--rx-sizes': sizes, gap }) as CSSProperties // React's type knows no variables

/** Columns that become one where it is narrow; `sizes` is a CSS grid template, `300px 1fr 320px`. */
export function Columns({ children, sizes, gap = 16 }: { children: ReactNode; sizes: string; gap?: 8 | 12 | 16 | 24 }) {
  return (
    <div className="rx-columns" style={styleOf(sizes, gap)}>
      {children}
    </div>
  )
}
