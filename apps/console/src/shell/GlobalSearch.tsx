import { useConsoles, useMe } from '@renxin/client'
import { Dialog, Icon, KeyHint, Skeleton, useKeys } from '@renxin/ui'
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import { words } from '../words.ts'

type Search = ComponentType<{ onClose: () => void }>
const drawn = new WeakMap<() => Promise<Search>, Search>()

function componentOf(load: () => Promise<Search>): Search {
  const known = drawn.get(load)
  if (known) return known
  const made = lazy(() => load().then((component) => ({ default: component })))
  drawn.set(load, made)
  return made
}

/** One search for everything, from anywhere by Ctrl+K; a module gives what is in it. */
export function GlobalSearch() {
  const { may } = useMe()
  const search = useConsoles().find((c) => c.search)?.search
  const load = search && may(search.may) ? search.load : undefined
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    // It is there before it is called for: whoever types right after Ctrl+K loses no letter.
    if (!load) return
    const fetching = setTimeout(() => void load().catch(() => {}), 1000)
    return () => clearTimeout(fetching)
  }, [load])
  useKeys({ 'Ctrl+K': { name: words.searchAll, run: () => setOpen(true) } }, { enabled: load !== undefined })
  if (!load) return <span />
  const Shown = componentOf(load)
  return (
    <>
      <button type="button" className="top-search" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Icon name="search" size={16} />
        <span>{words.searchAll}</span>
        <KeyHint keys="Ctrl+K" />
      </button>
      {isOpen && (
        <Dialog title={words.searchAll} size={680} onClose={() => setOpen(false)}>
          <Suspense fallback={<Skeleton />}>
            <Shown onClose={() => setOpen(false)} />
          </Suspense>
        </Dialog>
      )}
    </>
  )
}
