import { useWrite } from '@renxin/client'
import { UnitsSelect } from '@renxin/staff/console'
import { Dialog, Form } from '@renxin/ui'
import { useState } from 'react'
import { accessApi, type Role } from '../contract.ts'
import { words } from '../words.ts'
import { roleName } from './names.ts'

const t = words.roleEditor

/** Asks where the role is to stand, and begins to look at the house as it would. */
export function ViewAs({ role, onClose }: { role: Role; onClose: () => void }) {
  const [unitIds, setUnitIds] = useState<string[]>([])
  const begin = useWrite(accessApi.beginViewing, { onSuccess: () => location.assign('/') }) // everything is read anew, the menu too
  return (
    <Dialog title={t.viewTitle({ name: roleName(role) })} onClose={onClose}>
      <Form onSubmit={() => begin.send({ roleId: role.id, unitIds })} write={begin} verb={t.viewVerb}>
        <p>{t.viewText}</p>
        <UnitsSelect label={t.viewUnits} hint={t.viewUnitsHint} value={unitIds} onChange={setUnitIds} />
      </Form>
    </Dialog>
  )
}
