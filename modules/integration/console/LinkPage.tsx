import { GoLink, useGo, useUrlState, useWrite } from '@renxin/client'
import { Banner, Page } from '@renxin/ui'
import { useEffect, useRef } from 'react'
import { screenLinkApi } from '../screen-link-contract.ts'
import { words } from '../words.ts'

const isOwn = <T extends object>(of: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(of, key)

/** Where somebody arrives from another system's screen: on to the patient's file, or why not. */
export function LinkPage() {
  const go = useGo()
  const [{ ticket, refused }] = useUrlState({ ticket: '', refused: '' })
  const open = useWrite(screenLinkApi.openLink, { onSuccess: ({ patientId }) => go('patients.file', { id: patientId }) })
  const isAsked = useRef(false)
  useEffect(() => {
    if (ticket === '' || isAsked.current) return
    isAsked.current = true // a ticket opens once
    open.send({ ticket })
  }, [ticket, open])
  const why = refused ? (isOwn(words.errors, refused) ? sentence(words.errors[refused]) : words.errors.linkUsed) : words.of(open.error)
  return (
    <Page title={words.links.title}>
      {why ? <Banner tone="danger">{why}</Banner> : <p aria-live="polite">{words.links.opening}</p>}
      <p>
        <GoLink to="patients.list">{words.links.backHome}</GoLink>
      </p>
    </Page>
  )
}

const sentence = (of: unknown): string => (typeof of === 'string' ? of : words.errors.linkUsed)
