import { Modal } from 'antd'
import type { ReactNode } from 'react'
import { LayerContext, useLayer } from '../keys/use-keys.ts'
import { Button } from '../parts/Button.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { houseWords } from '../words.ts'
import { useReturnFocus } from './use-return-focus.ts'

type DialogProps = { title: ReactNode; onClose: () => void; footer?: ReactNode; size?: number; children: ReactNode }

/** A dialog over everything else. It is open while it is drawn. */
export function Dialog({ title, onClose, footer, size = 480, children }: DialogProps) {
  const layer = useLayer()
  useReturnFocus()
  return (
    <Modal
      open
      centered
      width={size}
      onCancel={onClose}
      closable={{ 'aria-label': houseWords.close }}
      mask={{ closable: false }}
      title={<span className="rx-layer-title">{title}</span>}
      footer={footer ? <div className="rx-layer-foot">{footer}</div> : null}
    >
      <LayerContext value={layer}>{children}</LayerContext>
    </Modal>
  )
}

type ConfirmProps = {
  /** The object and the number: `删除“出院随访”模板` . */
  title: ReactNode
  /** What follows from it. */
  children?: ReactNode
  /** What the button does, the verb again: `删除`, `发送 812 条`. */
  verb: string
  /** What the other button says, where 取消 would be unclear. */
  cancel?: string
  danger?: boolean
  busy?: boolean
  error?: unknown
  onConfirm: () => void
  onCancel: () => void
}

/** Asks before what cannot be undone or leaves the house; everything else happens at once and can be undone. */
export function Confirm({
  title,
  children,
  verb,
  cancel = houseWords.cancel,
  danger = false,
  busy = false,
  error,
  onConfirm,
  onCancel,
}: ConfirmProps) {
  return (
    <Dialog
      title={title}
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>{cancel}</Button>
          <Button kind={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
            {verb}
          </Button>
        </>
      }
    >
      {children && <div className="rx-confirm-text">{children}</div>}
      <ErrorNote error={error} />
    </Dialog>
  )
}
