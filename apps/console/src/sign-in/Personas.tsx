import { roleName } from '@renxin/access/console'
import { accessApi, demoPassword, type Me, type Persona } from '@renxin/access/contract'
import { call } from '@renxin/client'
import { sentenceOf } from '@renxin/ui/words'
import { useState } from 'react'
import { words } from '../words.ts'

/** `周敏(随访护士)` is a name and what one is; without the bracket the role says it. */
export function nameAndTitle({ displayName, roles }: Pick<Persona, 'displayName' | 'roles'>): [string, string] {
  const [, name, title] = /^(.+?)\s*[(（](.+)[)）]$/.exec(displayName) ?? []
  const [role] = roles
  return [name ?? displayName, title ?? (role ? roleName(role) : '')]
}

type PersonasProps = { personas: readonly Persona[]; hospitalId: number | undefined; onBegin: () => void; onEnter: (me: Me) => void }

/** The accounts of the demo: one press signs in. */
export function Personas({ personas, hospitalId, onBegin, onEnter }: PersonasProps) {
  const [entering, setEntering] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const enter = (persona: Persona) => {
    onBegin()
    setProblem(undefined)
    setEntering(persona.id)
    call(accessApi.signIn, { ...(hospitalId !== undefined && { hospitalId }), name: persona.name, password: demoPassword })
      .then(onEnter, setProblem)
      .finally(() => setEntering(undefined))
  }
  return (
    <section className="sign-in-demo" aria-labelledby="demo">
      <h2 id="demo">{words.demoTitle}</h2>
      <p>{words.demoText}</p>
      <ul>
        {personas.map((persona) => {
          const [name, title] = nameAndTitle(persona)
          return (
            <li key={persona.id}>
              <button
                type="button"
                className="sign-in-persona"
                aria-disabled={entering !== undefined}
                onClick={() => !entering && enter(persona)}
              >
                <strong>{title}</strong>
                <span>{name}</span>
              </button>
            </li>
          )
        })}
      </ul>
      <div aria-live="assertive">{problem !== undefined && <p className="sign-in-problem">{sentenceOf(problem)}</p>}</div>
    </section>
  )
}
