import { useGo } from '@renxin/client'
import { Page, Panel } from '@renxin/ui'
import { words } from '../words.ts'
import { ChangePassword } from './ChangePassword.tsx'

export function PasswordPage() {
  const go = useGo()
  return (
    <Page title={words.changePassword}>
      <Panel>
        <div style={{ maxWidth: 400 }}>
          <ChangePassword onDone={() => go.back('access.password')} />
        </div>
      </Panel>
    </Page>
  )
}
