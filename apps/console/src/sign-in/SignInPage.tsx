import { roleName } from '@renxin/access/console'
import { accessApi, demoPassword, type Me, type Persona } from '@renxin/access/contract'
import { call } from '@renxin/client'
import { Mark } from '@renxin/ui'
import { houseWords, language, setLanguage } from '@renxin/ui/words'
import { useEffect, useReducer, useState } from 'react'
import { words } from '../words.ts'
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
  const [entering, setEntering] = useState<Persona>()
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
          {personas.length > 0 && (
            <section className="sign-in-demo" aria-labelledby="demo">
              <h2 id="demo">{words.demoTitle}</h2>
              <p>{words.demoText}</p>
              <ul>
                {personas.map((persona) => (
                  <li key={persona.id}>
                    <PersonaButton
                      persona={persona}
                      hospital={demo}
                      isEntering={entering?.id === persona.id}
                      onPick={setEntering}
                      onBegin={onBegin}
                      onEnter={onEnter}
                    />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </main>
    </div>
  )
}

type PersonaProps = {
  persona: Persona
  hospital: Hospital | undefined
  isEntering: boolean
  onPick: (persona: Persona | undefined) => void
  onBegin: () => void
  onEnter: (me: Me) => void
}

function PersonaButton({ persona, hospital, isEntering, onPick, onBegin, onEnter }: PersonaProps) {
  const [role] = persona.roles
  const title = role ? roleName(role) : persona.name
  const enter = () => {
    onBegin()
    onPick(persona)
    call(accessApi.signIn, { ...(hospital && { hospitalId: hospital.id }), name: persona.name, password: demoPassword }).then(onEnter, () =>
      onPick(undefined),
    )
  }
  return (
    <button
      type="button"
      className="sign-in-persona"
      disabled={isEntering}
      aria-label={words.demoPick({ name: `${title} ${persona.displayName}` })}
      onClick={enter}
    >
      <strong>{title}</strong>
      <span>{persona.displayName}</span>
    </button>
  )
}
