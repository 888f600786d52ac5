import { say } from '@renxin/surveys/contract'
import { CheckField, Icon, Row, useLanguage } from '@renxin/ui'
import { words } from '../../words.ts'
import type { RaisedNow } from '../content/use-content.ts'
import { Severity } from './phrases.tsx'

const w = words.flags

type FlagsNowProps = { raised: readonly RaisedNow[]; told: ReadonlySet<string>; onTold: (told: ReadonlySet<string>) => void }

/** What the nurse says the moment an answer calls for a doctor; it stays in sight while she goes on asking. */
export function FlagsNow({ raised, told, onTold }: FlagsNowProps) {
  const language = useLanguage()
  const tick = (id: string, isTold: boolean) => {
    const next = new Set(told)
    if (isTold) next.add(id)
    else next.delete(id)
    onTold(next)
  }
  return (
    <div role="alert" className={raised.length > 0 ? 'followups-flags' : undefined}>
      {raised.map(({ key, flag }) => (
        <section key={key} aria-label={w.now({ title: say(flag.title, language) })}>
          <Row gap={8}>
            <Icon name="alarm" />
            <strong>{w.now({ title: say(flag.title, language) })}</strong>
            <Severity flag={flag} />
            <span className="rx-note">{w.willOpen}</span>
          </Row>
          <p>
            <strong>{w.say}</strong> {say(flag.say, language)}
          </p>
          <p>
            <strong>{w.tell}</strong> {say(flag.tell, language)}
          </p>
          <CheckField label={w.told} value={told.has(key)} onChange={(isTold) => tick(key, isTold)} />
        </section>
      ))}
    </div>
  )
}
