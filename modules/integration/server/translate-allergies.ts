import type { Message, Segment } from '@renxin/hl7'
import type { AllergyFact, PatientFacts } from '@renxin/patients'
import { wordsOf } from './values.ts'

/** AL1 is the whole list, as it stands in messages of admission; IAM (A60) says of each what has changed, where it says so. */
export function allergiesOf(message: Message): Pick<PatientFacts, 'allergies' | 'allergyChanges'> {
  const [list, changes] = [message.all('AL1'), message.all('IAM')]
  if (changes.length > 0) {
    const all = changes.flatMap((s) => allergyIn(s, { severity: 4, reaction: 5 }).map((a) => ({ ...a, isGone: actionOf(s) === 'D' })))
    const isWhole = changes.every((s) => actionOf(s) === '')
    return isWhole ? { allergies: all.map(({ isGone: _, ...a }) => a) } : { allergyChanges: all }
  }
  if (list.length === 0) return {}
  const said = list.flatMap((s) => allergyIn(s, { severity: 4, reaction: 5 }))
  if (said.length > 0) return { allergies: said }
  return list.some((s) => s.isDeleted(3)) ? { allergies: null } : {}
}

/** IAM-6 (HL7 table 0323): A added, D deleted, U changed, X as it was. */
const actionOf = (s: Segment): string => s.get(6, 1)?.trim().toUpperCase() ?? ''

const kinds: Readonly<Record<string, AllergyFact['kind']>> = { DA: 'drug', FA: 'food', EA: 'environment', PA: 'environment', AA: 'environment', LA: 'environment' } // biome-ignore format: HL7 table 0127
const severities: Readonly<Record<string, AllergyFact['severity']>> = { SV: 'severe', MO: 'moderate', MI: 'mild' } // HL7 table 0128

function allergyIn(s: Segment, at: { severity: number; reaction: number }): AllergyFact[] {
  const what = s.first(3)
  const name = wordsOf(what)
  if (!name) return []
  const code = what?.get(1)?.trim() ?? null
  const type = s.get(2, 1)?.trim().toUpperCase() ?? ''
  const reactions = s.repetitions(at.reaction).flatMap((r) => wordsOf(r) ?? [])
  return [
    {
      code: code === name ? null : code,
      name,
      kind: type === '' ? null : (kinds[type] ?? 'other'),
      severity: severities[s.get(at.severity, 1)?.trim().toUpperCase() ?? ''] ?? null,
      reaction: reactions.join('、') || null,
    },
  ]
}
