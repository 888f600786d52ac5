import { type ReactNode, useId, useRef } from 'react'
import { Button, type ButtonProps } from '../parts/Button.tsx'
import { Row } from '../parts/Toolbar.tsx'

type FileButtonProps = Pick<ButtonProps, 'kind' | 'icon' | 'busy'> & {
  label: string
  /** What the browser offers: `.pdf,.png`. */
  accept: string
  mostMegabytes: number
  onFile: (file: File) => void
  /** Said here too, so that nobody waits for 50 MB to be sent and refused. */
  onTooLarge: (size: { megabytes: number; limit: number }) => void
  /** Stands beside the button. */
  children?: ReactNode
}

const MEGABYTE = 1024 * 1024

/** Chooses one file by a button that looks and behaves like all others. */
export function FileButton({ label, accept, mostMegabytes, onFile, onTooLarge, children, ...button }: FileButtonProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const choose = (file: File) => {
    if (file.size <= mostMegabytes * MEGABYTE) onFile(file)
    else onTooLarge({ megabytes: Math.ceil(file.size / MEGABYTE), limit: mostMegabytes })
  }
  return (
    <>
      <label className="rx-hidden" htmlFor={id}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        className="rx-hidden"
        tabIndex={-1}
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = '' // the same file may be chosen again after a refusal
          if (file) choose(file)
        }}
      />
      <Row>
        <Button {...button} onClick={() => input.current?.click()}>
          {label}
        </Button>
        {children}
      </Row>
    </>
  )
}
