import { ChangePassword, SecondFactor } from '@renxin/access/console'
import { accessApi, type Me } from '@renxin/access/contract'
import { call } from '@renxin/client'
import { Banner, Dialog } from '@renxin/ui'
import { words } from '../words.ts'

type MustProps = { onMe: (me: Me) => void }

const readAgain = ({ onMe }: MustProps) => void call(accessApi.me, {}).then(onMe, () => {}) // what fails here is told by whatever the page reads next

/** Until a password for once, or one that has grown old, is changed, nothing else can be done. */
export function MustChange({ onMe }: MustProps) {
  return (
    <Dialog title={words.changePassword} onClose={() => {}} size={420}>
      <Banner>{words.mustChange}</Banner>
      <ChangePassword onDone={() => readAgain({ onMe })} />
    </Dialog>
  )
}

/** Until the second factor that the hospital asks for is set up, nothing else can be done. */
export function MustAddFactor({ onMe }: MustProps) {
  return (
    <Dialog title={words.mustAddFactorTitle} onClose={() => {}} size={420}>
      <Banner>{words.mustAddFactor}</Banner>
      <SecondFactor hasFactor={false} onChanged={() => readAgain({ onMe })} />
    </Dialog>
  )
}
