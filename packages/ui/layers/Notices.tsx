import { useSyncExternalStore } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { Button, IconButton } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { houseWords } from '../words.ts'
import { dismiss, onNotices, presentNotices } from './notices.ts'

/** Where notices and the undo bar appear: bottom centre, announced politely. */
export function Notices() {
  const notices = useSyncExternalStore(onNotices, presentNotices, presentNotices)
  const undoable = notices.findLast((n) => n.undo)
  const undo = (notice = undoable) => {
    if (!notice) return
    dismiss(notice.id)
    notice.undo?.()
  }
  useKeys({ 'Ctrl+Z': { name: houseWords.undo, run: () => undo() } }, { enabled: undoable !== undefined, everywhere: true })
  return (
    <div className="rx-notices" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className={`rx-notice rx-notice-${notice.tone}`}>
          {!notice.undo && <Icon name={notice.tone === 'danger' || notice.tone === 'warning' ? 'warning' : 'check'} />}
          <span>{notice.text}</span>
          {notice.undo && (
            <Button kind="link" onClick={() => undo(notice)} keys="Ctrl+Z">
              {houseWords.undo}
            </Button>
          )}
          <IconButton icon="close" label={houseWords.close} size={16} onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  )
}
