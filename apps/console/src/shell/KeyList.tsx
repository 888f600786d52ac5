import { Button, comboOf, KeyHint, keySettings, mayBind, type NamedKey, setKeySettings, useKeySettings } from '@renxin/ui'
import { useEffect, useState } from 'react'
import { words } from '../words.ts'

/** The keys that work here; each may be exchanged for another. */
export function KeyList({ keys }: { keys: readonly NamedKey[] }) {
  const { changed } = useKeySettings()
  const [asked, setAsked] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const pressedFor = (key: string) => changed[key] ?? key

  useEffect(() => {
    setProblem(undefined)
    if (!asked) return
    const take = (event: KeyboardEvent) => {
      if (['Control', 'Shift', 'Alt', 'Meta', 'Tab'].includes(event.key)) return
      event.preventDefault()
      event.stopPropagation()
      const combo = comboOf(event)
      const { changed: before } = keySettings()
      const taken = keys.find(({ key }) => key !== asked && (before[key] ?? key) === combo)
      if (combo === 'Esc') setAsked(undefined)
      else if (taken) setProblem(words.keyTaken({ key: combo, name: taken.name }))
      else if (!mayBind(combo)) setProblem(words.keyForbidden({ key: combo }))
      else {
        const { [asked]: _old, ...others } = before
        setKeySettings({ changed: combo === asked ? others : { ...others, [asked]: combo } })
        setAsked(undefined)
      }
    }
    window.addEventListener('keydown', take, { capture: true })
    return () => window.removeEventListener('keydown', take, { capture: true })
  }, [asked, keys])

  return (
    <>
      <dl className="help-keys">
        {keys.map(({ key, name }) => (
          <div key={key}>
            <dt>
              <KeyHint keys={pressedFor(key)} />
              <span className="rx-hidden">{pressedFor(key)}</span>
            </dt>
            <dd>
              {name}
              <Button
                kind="link"
                label={words.changeKeyOf({ name })}
                pressed={asked === key}
                onClick={() => setAsked(asked === key ? undefined : key)}
              >
                {asked === key ? words.pressKey : words.changeKey}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      <p className="rx-field-error" aria-live="polite">
        {problem}
      </p>
      {Object.keys(changed).length > 0 && (
        <Button size="small" onClick={() => setKeySettings({ changed: {} })}>
          {words.resetKeys}
        </Button>
      )}
    </>
  )
}
