import { ChangePassword } from '@renxin/access/console'
import { accessApi, type Me } from '@renxin/access/contract'
import { call } from '@renxin/client'
import { Banner, Dialog } from '@renxin/ui'
import { words } from '../words.ts'

type PasswordDialogProps = { isForced: boolean; onMe: (me: Me) => void; onClose: () => void }

export function PasswordDialog({ isForced, onMe, onClose }: PasswordDialogProps) {
  const done = () => {
    onClose()
    call(accessApi.me, {}).then(onMe, () => {}) // what fails here is told by whatever the page reads next
  }
  return (
    <Dialog title={words.changePassword} onClose={isForced ? () => {} : onClose} size={420}>
      {isForced && <Banner>{words.mustChange}</Banner>}
      <ChangePassword onDone={done} />
    </Dialog>
  )
}
