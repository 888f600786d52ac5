import { Drawer as AntDrawer } from 'antd'
import type { ReactNode } from 'react'
import { LayerContext, useLayer } from '../keys/use-keys.ts'
import { IconButton } from '../parts/Button.tsx'
import { houseWords } from '../words.ts'
import { useReturnFocus } from './use-return-focus.ts'

type DrawerProps = {
  title: ReactNode
  onClose: () => void
  /** Actions, the primary one last: it stands at the bottom right. */
  footer?: ReactNode
  /** Beside the title. */
  extra?: ReactNode
  size?: number
  /** From which edge it comes. */
  side?: 'left' | 'right'
  children: ReactNode
}

/** Details over a list. It is open while it is drawn; Esc closes it, and the focus goes back to where it was. */
export function Drawer({ title, onClose, footer, extra, size = 640, side = 'right', children }: DrawerProps) {
  const layer = useLayer()
  useReturnFocus()
  return (
    <AntDrawer
      open
      size={size}
      placement={side}
      onClose={onClose}
      closable={false}
      title={<h2 className="rx-layer-title">{title}</h2>}
      extra={
        <span className="rx-layer-extra">
          {extra}
          <IconButton icon="close" label={houseWords.close} onClick={onClose} />
        </span>
      }
      footer={footer && <div className="rx-layer-foot">{footer}</div>}
    >
      <LayerContext value={layer}>{children}</LayerContext>
    </AntDrawer>
  )
}
