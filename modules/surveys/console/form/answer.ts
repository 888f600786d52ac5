import type { Value } from '../../contract.ts'

/** Answers a question; with `goOn` the cursor goes to the next one. */
export type AnswerTo = (given: readonly Value[], options?: { goOn?: boolean }) => void
