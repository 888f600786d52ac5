import { accessApi, type Me } from '@renxin/access/contract'
import { call, Problem } from '@renxin/client'
import { setLanguage } from '@renxin/ui/words'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { arrive } from './arrive.ts'
import { SignInPage } from './sign-in/SignInPage.tsx'
import { Splash } from './sign-in/Splash.tsx'
import { SsoReturn } from './sign-in/SsoReturn.tsx'
import { takeReturn } from './sign-in/sso.ts'

const fetchConsole = () => import('./shell/ConsoleApp.tsx')
const ConsoleApp = lazy(() => fetchConsole().then((m) => ({ default: m.ConsoleApp })))
const PublicApp = lazy(() => import('./shell/PublicApp.tsx').then((m) => ({ default: m.PublicApp })))

/** Addresses that are open to whoever holds the link. */
const isPublic = () => location.pathname === '/setup'

/** With what somebody comes back from the provider of single sign-on; taken out of the address bar before anything else happens. */
const returned = takeReturn()

/** Who asks decides what is fetched: the sign-in page is small, the console comes after it. */
export function Root() {
  const [me, setMe] = useState<Me | null>()
  const [failure, setFailure] = useState<Problem>()
  const [came, setCame] = useState(returned)
  const find = useCallback(() => {
    setFailure(undefined)
    call(accessApi.me, {}).then(enter, (problem: unknown) => {
      if (problem instanceof Problem && problem.kind === 'unauthenticated') setMe(null)
      else setFailure(problem instanceof Problem ? problem : new Problem('house.unexpected', 'unexpected'))
    })
  }, [])
  const enter = (found: Me) => {
    setLanguage(found.user.language)
    setMe(found)
  }
  useEffect(() => {
    if (!isPublic() && !returned) void arrive().then(find)
  }, [find])

  if (isPublic()) {
    return (
      <Suspense fallback={<Splash />}>
        <PublicApp />
      </Suspense>
    )
  }
  if (came) {
    const entered = (found: Me) => {
      enter(found)
      setCame(undefined)
    }
    return <SsoReturn came={came} onEnter={entered} onBegin={fetchConsole} />
  }
  if (failure) return <Splash failure={failure} onRetry={find} />
  if (me === undefined) return <Splash />
  if (me === null) return <SignInPage onEnter={enter} onBegin={fetchConsole} />
  return (
    <Suspense fallback={<Splash />}>
      <ConsoleApp me={me} onMe={setMe} />
    </Suspense>
  )
}
