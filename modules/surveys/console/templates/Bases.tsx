import type { Basis } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.templates

/** The public documents from which what a questionnaire asks was taken. */
export function Bases({ bases }: { bases: readonly Basis[] }) {
  if (bases.length === 0) return null
  return (
    <section aria-label={w.basis}>
      <strong>{w.basis}</strong>
      <ul style={{ margin: '4px 0', paddingLeft: 20 }}>
        {bases.map((b) => (
          <li key={`${b.title} ${b.part}`}>
            {b.link ? (
              <a href={b.link} target="_blank" rel="noreferrer">
                {b.title}
              </a>
            ) : (
              b.title
            )}
            <span className="rx-note"> {[b.issuer, b.year && w.basisYear({ year: b.year }), b.part].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
      <p className="rx-hint">{w.basisNote}</p>
    </section>
  )
}
