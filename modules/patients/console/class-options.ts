import type { ClassChoice } from '../contract.ts'
import { words } from '../words.ts'

/** Identity classes to choose from; those that are not of the list, or not any more, say so. */
export const classOptions = (choices: readonly ClassChoice[]) =>
  choices.map(({ name, state }) => ({ value: name, label: state === 'listed' ? name : words.identity.choice[state]({ name }) }))

/** What a form offers: what the list offers and other words that stand in files; what was switched off only where it is chosen already. */
export const classOptionsOf = (choices: readonly ClassChoice[], chosen: string | null) => {
  const offered = choices.filter((c) => c.state !== 'retired' || c.name === chosen)
  const isThere = chosen === null || offered.some((c) => c.name === chosen)
  return classOptions(isThere ? offered : [...offered, { name: chosen, state: 'unlisted' }])
}
