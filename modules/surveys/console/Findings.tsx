import { Button } from '@renxin/ui'
import type { FormFinding } from '../contract.ts'
import { words } from '../words.ts'

const w = words.builder

/** What an inspection found, what must be mended first; with a way to each question where the page has one. */
export function Findings({ findings, onGo }: { findings: readonly FormFinding[]; onGo?: (linkId: string) => void }) {
  const groups = [
    { weight: 'blocks' as const, title: w.mustMend },
    { weight: 'limits' as const, title: w.limited },
  ]
  return groups.map(({ weight, title }) => {
    const found = findings.filter((f) => f.weight === weight)
    if (found.length === 0) return null
    return (
      <section key={weight} aria-label={title({ n: found.length })}>
        <strong>{title({ n: found.length })}</strong>
        <ul style={{ margin: '4px 0 0', paddingLeft: 20, maxHeight: 220, overflow: 'auto' }}>
          {found.map((f) => (
            <li key={`${f.linkId} ${f.code} ${f.detail}`}>
              <strong>{f.linkId ?? w.wholeForm}</strong> {findingSentence(f)}
              {onGo && f.linkId !== null && (
                <Button kind="link" size="small" label={`${w.goThere} ${f.linkId}`} onClick={() => f.linkId !== null && onGo(f.linkId)}>
                  {w.goThere}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
    )
  })
}

/** What was found, why it matters, what to do. */
export function findingSentence({ code, detail }: FormFinding): string {
  const sentence = w.findings[code]
  return typeof sentence === 'function' ? sentence({ detail }) : sentence
}
