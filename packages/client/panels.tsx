import { Panel, Skeleton } from '@renxin/ui'
import { type ComponentType, lazy, Suspense } from 'react'
import { mayAny, type PanelSpec, useConsoles } from './consoles.ts'
import { useMe } from './me.ts'

const drawn = new WeakMap<PanelSpec, ComponentType<Record<string, string>>>()

/** The component of a panel; its code is fetched when it is first drawn. */
function componentOf(spec: PanelSpec): ComponentType<Record<string, string>> {
  const known = drawn.get(spec)
  if (known) return known
  const made = lazy(() => spec.load().then((component) => ({ default: component })))
  drawn.set(spec, made)
  return made
}

/** What other modules show in a slot, as far as one may see it, in their order. */
export function usePanels(slot: string): (PanelSpec & { Component: ComponentType<Record<string, string>> })[] {
  const { may } = useMe()
  return useConsoles()
    .flatMap((c) => c.panels ?? [])
    .filter((p) => p.slot === slot && mayAny(may, p.may))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((p) => ({ ...p, Component: componentOf(p) }))
}

/** Draws a slot: each panel with its title. */
export function Panels({ slot, params }: { slot: string; params: Record<string, string> }) {
  return usePanels(slot).map(({ name, title, Component }) => (
    <Panel key={name} title={title()}>
      <Suspense fallback={<Skeleton />}>
        <Component {...params} />
      </Suspense>
    </Panel>
  ))
}
