import { goTo } from '@renxin/client'
import { Button, Empty, houseWords, Page } from '@renxin/ui'
import { words } from '../words.ts'

const home = (
  <Button kind="primary" onClick={() => goTo('/')}>
    {words.goHome}
  </Button>
)

export function NotFoundPage() {
  return (
    <Page title={words.notFoundTitle}>
      <Empty action={home}>{words.notFoundText}</Empty>
    </Page>
  )
}

export function ForbiddenPage() {
  return (
    <Page title={words.forbiddenTitle}>
      <Empty action={home}>{houseWords.errors.forbidden}</Empty>
    </Page>
  )
}

/** Somebody without any role yet. */
export function NothingYetPage() {
  return (
    <Page title={houseWords.product}>
      <Empty>{words.nothingYet}</Empty>
    </Page>
  )
}
