import { Row, StatusTag } from '@renxin/ui'
import type { User } from '../contract.ts'
import { words } from '../words.ts'

/** Whether the account may sign in, and what stands in its way. */
export function UserState({ user }: { user: User }) {
  if (user.isDisabled) return <StatusTag>{words.disabled}</StatusTag>
  return (
    <Row gap={4}>
      {user.isLocked ? <StatusTag tone="warning">{words.locked}</StatusTag> : <StatusTag tone="success">{words.active}</StatusTag>}
      {user.hasSecondFactor && <StatusTag tone="success">{words.hasFactor}</StatusTag>}
      {user.mustChangePassword && <StatusTag tone="info">{words.mustChange}</StatusTag>}
    </Row>
  )
}
