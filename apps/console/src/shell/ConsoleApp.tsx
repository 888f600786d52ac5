import { type Me as AccessMe, accessApi } from '@renxin/access/contract'
import { ConsolesContext, call, goLive, MeContext, makeQueries, meOf, onSignedOut } from '@renxin/client'
import { setZone, UiProvider, useLanguage } from '@renxin/ui'
import { QueryClientProvider } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { consoles } from '../modules.ts'
import { Locked } from './Locked.tsx'
import { Shell } from './Shell.tsx'
import { useIdle } from './use-idle.ts'
import './shell.css'

type ConsoleAppProps = { me: AccessMe; onMe: (me: AccessMe) => void }

const powersOf = ({ permissions, departments, wards, viewing }: AccessMe) => JSON.stringify([permissions, departments, wards, viewing])

/** The console of one person: their cache, live updates, and the lock when their session has ended. */
export function ConsoleApp({ me, onMe }: ConsoleAppProps) {
  useLanguage() // everything below is drawn again when the language changes
  const [queries] = useState(makeQueries)
  const [isLocked, setLocked] = useState(false)
  const known = useMemo(() => meOf(me), [me])
  setZone(me.hospital.zone)
  useEffect(() => {
    onSignedOut(() => setLocked(true))
    return () => onSignedOut(() => {})
  }, [])
  const lock = useCallback(() => {
    setLocked(true)
    call(accessApi.lock, {}).catch(() => {}) // hidden here in any case; the server ends what is not used by itself
  }, [])
  useIdle(me.idleMinutes, !isLocked, lock)
  const powers = powersOf(me)
  const lookAgain = useCallback(
    (isSure: boolean) => {
      const forget = () => {
        queries.removeQueries({ type: 'inactive' }) // what was read under the rights of before is shown by no page any more
        queries.resetQueries()
      }
      if (isSure) forget()
      const take = (now: AccessMe) => {
        if (!isSure && powersOf(now) !== powers) forget()
        onMe(now)
      }
      call(accessApi.me, {}).then(take, () => {})
    },
    [queries, onMe, powers],
  )
  useEffect(() => (isLocked ? undefined : goLive(queries, undefined, lookAgain)), [queries, isLocked, lookAgain])

  const enter = (again: AccessMe) => {
    if (again.user.id !== me.user.id || again.hospital.id !== me.hospital.id) return location.reload() // somebody else's work is not theirs to see
    onMe(again)
    setLocked(false)
    queries.invalidateQueries()
  }
  return (
    <UiProvider>
      <QueryClientProvider client={queries}>
        <ConsolesContext value={consoles}>
          <MeContext value={known}>
            <div className="console" inert={isLocked}>
              <Shell me={me} onMe={onMe} onLock={lock} />
            </div>
            {isLocked && <Locked me={me} onEnter={enter} />}
          </MeContext>
        </ConsolesContext>
      </QueryClientProvider>
    </UiProvider>
  )
}
