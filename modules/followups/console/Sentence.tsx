import type { ProgrammeBody } from '../contract.ts'
import { words } from '../words.ts'
import { type Names, type Phrase, sentenceOf } from './programme-sentence.ts'
import './programme.css'

/** The programme as a sentence; each part leads to where it is said. */
export function Sentence({ body, names }: { body: ProgrammeBody; names: Names }) {
  return (
    <section className="followups-sentence" aria-label={words.builder.sentenceTitle}>
      <ol>
        {sentenceOf(body, names).map((phrase) => (
          <li key={`${phrase.part} ${phrase.at ?? ''}`}>
            <button type="button" onClick={() => leadTo(phrase)}>
              {phrase.text}
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Puts the cursor into the part of the form that says this. */
function leadTo({ part, at }: Phrase): void {
  const place = document.getElementById(`programme-${part}`)
  const panel = at === undefined ? place : (place?.querySelectorAll(':scope .rx-panel')[at] ?? place)
  panel?.scrollIntoView({ block: 'start' })
  panel?.querySelector<HTMLElement>('input, button, [tabindex]')?.focus()
}
