import { accessApi, type Me, ssoApi } from '@renxin/access/contract'
import { call } from '@renxin/client'
import { sentenceOf } from '@renxin/ui/words'
import { useEffect, useRef, useState } from 'react'
import { words } from '../words.ts'
import { keepWay, onceEntered } from './sso.ts'

type SsoButtonProps = {
  hospitalId: number | undefined
  /** The page beneath is kept: a window of its own goes to the provider and comes back. */
  isLocked: boolean
  onEnter: (me: Me) => void
}

/** Leads to the hospital's own provider, where it has one; without it there is nothing to see. */
export function SsoButton({ hospitalId, isLocked, onEnter }: SsoButtonProps) {
  const [offer, setOffer] = useState<{ label: string; homeUrl: string }>()
  const [problem, setProblem] = useState<string>()
  const [isGoing, setGoing] = useState(false)
  const leave = useRef(() => {})
  const there = { ...(hospitalId !== undefined && { hospitalId }) }
  useEffect(() => {
    call(ssoApi.ssoButton, hospitalId === undefined ? {} : { hospitalId }).then(
      ({ label, homeUrl }) => setOffer(label !== null && homeUrl !== null ? { label, homeUrl } : undefined),
      () => {}, // the password stays
    )
    return () => leave.current()
  }, [hospitalId])
  if (!offer) return null

  const go = async () => {
    if (isGoing) return
    if (location.origin !== offer.homeUrl) return location.assign(`${offer.homeUrl}/`) // the provider sends nobody back to another address
    setProblem(undefined)
    setGoing(true)
    const opened = isLocked ? window.open('', 'renxin-sso', 'popup,width=520,height=680') : undefined // at once: later no browser lets it
    try {
      if (opened === null) return setProblem(words.ssoWindow)
      const { url } = await call(ssoApi.beginSso, { ...there, inWindow: isLocked })
      if (!opened) {
        keepWay()
        return location.assign(url)
      }
      leave.current()
      leave.current = onceEntered(() => call(accessApi.me, {}).then(onEnter, (error) => setProblem(sentenceOf(error))))
      opened.location.href = url
    } catch (error) {
      opened?.close()
      setProblem(sentenceOf(error))
    } finally {
      setGoing(false)
    }
  }
  return (
    <div className="sign-in-sso">
      <p aria-hidden="true">{words.or}</p>
      <button type="button" className="rx-button rx-button-large rx-block" aria-disabled={isGoing} onClick={go}>
        {offer.label}
      </button>
      <div aria-live="assertive">{problem !== undefined && <p className="sign-in-problem">{problem}</p>}</div>
    </div>
  )
}
