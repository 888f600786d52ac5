import { accessApi, type Me, type Persona } from '@renxin/access/contract'
import { call } from '@renxin/client'
import { Mark } from '@renxin/ui'
import { houseWords, language, setLanguage } from '@renxin/ui/words'
import { useEffect, useReducer, useState } from 'react'
import { words } from '../words.ts'
import { Personas } from './Personas.tsx'
import { SignInForm } from './SignInForm.tsx'

type Hospital = { id: number; name: string; isDemo: boolean }

type SignInPageProps = {
  onEnter: (me: Me) => void
  /** Somebody has begun: the console may be fetched while they type. */
  onBegin: () => void
}

/** The first page. It uses no part of the component library, so that it is small. */
export function SignInPage({ onEnter, onBegin }: SignInPageProps) {
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  const [hospitals, setHospitals] = useState<Hospital[]>([])
  const [personas, setPersonas] = useState<Persona[]>([])
  useEffect(() => {
    document.title = `${words.signIn} · ${houseWords.product}`
    call(accessApi.hospitals, {}).then(
      ({ rows }) => setHospitals(rows),
      () => {},
    ) // the form says what is wrong, if it is
    call(accessApi.demoAccounts, {}).then(
      ({ rows }) => setPersonas(rows),
      () => {},
    )
  }, [])
  const only = hospitals.length === 1 ? hospitals[0] : undefined
  const demo = hospitals.find((h) => h.isDemo)

  return (
    <div className="sign-in">
      <aside className="sign-in-side">
        <div className="sign-in-brand">
          <Mark size={52} />
          <span>{houseWords.product}</span>
        </div>
        <p className="sign-in-slogan">{words.slogan}</p>
        <p className="sign-in-promise">{words.promise}</p>
        <Mark size={420} opacity={0.1} />
      </aside>
      <main className="sign-in-main">
        <div className="sign-in-language">
          <button
            type="button"
            className="rx-button rx-button-quiet"
            lang={language() === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => {
              setLanguage(language() === 'zh' ? 'en' : 'zh')
              redraw()
            }}
          >
            {words.otherLanguage}
          </button>
        </div>
        <div className="sign-in-box">
          <h1>{only ? words.signInTo({ hospital: only.name }) : words.signIn}</h1>
          <SignInForm hospitals={hospitals} onBegin={onBegin} onEnter={onEnter} />
          {personas.length > 0 && <Personas personas={personas} hospitalId={demo?.id} onBegin={onBegin} onEnter={onEnter} />}
        </div>
      </main>
    </div>
  )
}
