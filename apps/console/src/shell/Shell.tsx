import { ExportNotices, ViewingBanner } from '@renxin/access/console'
import type { Me as AccessMe } from '@renxin/access/contract'
import { goTo, mayAny, PatternContext, useConsoles, useMe, usePlace } from '@renxin/client'
import { ResultNotices, UrgeNotices } from '@renxin/followups/console'
import { HealthAlarm } from '@renxin/setup/console'
import { houseWords, useKeys } from '@renxin/ui'
import { useEffect, useRef, useState } from 'react'
import { words } from '../words.ts'
import { DemoBanner } from './DemoBanner.tsx'
import { ForbiddenPage, NotFoundPage, NothingYetPage } from './fallback-pages.tsx'
import { HelpDialog } from './HelpDialog.tsx'
import { PageFrame } from './PageFrame.tsx'
import { homeOf, menuOf, pageAt } from './pages.ts'
import { MenuDrawer, SideMenu } from './SideMenu.tsx'
import { TopBar } from './TopBar.tsx'

type ShellProps = { me: AccessMe; onMe: (me: AccessMe) => void; onLock: () => void }

/** Top bar, side menu, and the page that the address names. */
export function Shell({ me: known, onMe, onLock }: ShellProps) {
  const me = useMe()
  const consoles = useConsoles()
  const { path } = usePlace()
  const [isHelping, setHelping] = useState(false)
  const [isChoosing, setChoosing] = useState(false)
  const content = useRef<HTMLElement>(null)
  const page = pageAt(consoles, path)
  const menu = menuOf(consoles, me)
  const [isLost, setLost] = useState(false)

  useEffect(() => {
    if (path !== '/') return
    let isGone = false
    const begin = (home: string | undefined) => {
      if (isGone) return
      if (home) goTo(home, { replace: true })
      else setLost(true)
    }
    homeOf(consoles, me).then(begin)
    return () => {
      isGone = true
    }
  }, [path, consoles, me])

  const arrivedAt = useRef(path)
  useEffect(() => {
    if (arrivedAt.current === path) return
    arrivedAt.current = path
    content.current?.scrollTo({ top: 0 })
    content.current?.focus({ preventScroll: true }) // readers begin at the new page, not where the old link was
  }, [path])

  useKeys({ '?': { name: words.help, run: () => setHelping(true) } })

  const shown = () => {
    if (path === '/') return isLost ? <NothingYetPage /> : null
    if (!page) return <NotFoundPage />
    if (!mayAny(me.may, page.may)) return <ForbiddenPage />
    return (
      <PatternContext value={page.path}>
        <PageFrame page={page} />
      </PatternContext>
    )
  }
  return (
    <>
      <a className="skip" href="#content">
        {houseWords.skipToContent}
      </a>
      <TopBar me={known} onMe={onMe} onLock={onLock} onHelp={() => setHelping(true)} onMenu={() => setChoosing(true)} />
      <div className="console-body">
        <SideMenu menu={menu} path={path} />
        <main id="content" ref={content} className="console-content" tabIndex={-1}>
          {known.viewing && <ViewingBanner viewing={known.viewing} />}
          {me.hospital.isDemo && <DemoBanner me={known} />}
          {!known.viewing && <ExportNotices />}
          {!known.viewing && <UrgeNotices />}
          {!known.viewing && <ResultNotices />}
          {me.may('setup.health') && path !== '/health' && <HealthAlarm />}
          {shown()}
        </main>
      </div>
      {isChoosing && <MenuDrawer menu={menu} path={path} onClose={() => setChoosing(false)} />}
      {isHelping && <HelpDialog page={page} onClose={() => setHelping(false)} />}
    </>
  )
}
