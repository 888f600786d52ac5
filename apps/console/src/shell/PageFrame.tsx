import type { PageSpec } from '@renxin/client'
import { Button, ErrorNote, Page, Skeleton } from '@renxin/ui'
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import { words } from '../words.ts'

const drawn = new WeakMap<PageSpec, ComponentType>()

function componentOf(page: PageSpec): ComponentType {
  const known = drawn.get(page)
  if (known) return known
  const made = lazy(() => page.load().then((component) => ({ default: component })))
  drawn.set(page, made)
  return made
}

/** One page: its code is fetched, and what goes wrong in it stays in it. */
export function PageFrame({ page }: { page: PageSpec }) {
  const Shown = componentOf(page)
  return (
    <Boundary key={page.name} onAgain={() => drawn.delete(page)}>
      <Suspense
        fallback={
          <Page title={page.title()}>
            <Skeleton lines={8} />
          </Page>
        }
      >
        <Shown />
      </Suspense>
    </Boundary>
  )
}

/** A file of a version that has been replaced is no longer there. */
const isOldVersion = (error: unknown) =>
  error instanceof Error && /dynamically imported module|Importing a module script/i.test(error.message)

type BoundaryProps = { children: ReactNode; onAgain: () => void }

/** React knows error boundaries only as classes. */
class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    const again = () => {
      this.props.onAgain()
      this.setState({ error: undefined })
    }
    return (
      <Page title={words.brokenTitle}>
        {isOldVersion(error) ? (
          <ErrorNote error={error} text={words.newVersion} actions={<Button onClick={() => location.reload()}>{words.refresh}</Button>} />
        ) : (
          <ErrorNote error={error} onRetry={again} />
        )}
      </Page>
    )
  }
}
