import type { Me } from '@renxin/access/contract'
import { Button, Mark } from '@renxin/ui'
import { SignInForm } from '../sign-in/SignInForm.tsx'
import { words } from '../words.ts'

/** The session has ended: the page stays as it is beneath, and nothing that was typed is lost. */
export function Locked({ me, onEnter }: { me: Me; onEnter: (me: Me) => void }) {
  return (
    <div className="lock" role="dialog" aria-modal="true" aria-labelledby="lock-title">
      <div>
        <Mark size={36} />
        <h1 id="lock-title">{words.lockedTitle}</h1>
        <p>{words.lockedText}</p>
        <SignInForm hospitals={[me.hospital]} hospitalId={me.hospital.id} name={me.user.name} onEnter={onEnter} />
        <Button kind="quiet" onClick={() => location.reload()}>
          {words.otherUser}
        </Button>
      </div>
    </div>
  )
}
