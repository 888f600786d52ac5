import { type CohortMember, memberStatuses, type VisitSide, type VisitState, visitSides, visitStates } from '../../contract.ts'

export const isSide = (text: string): text is VisitSide => visitSides.some((s) => s === text)
export const isState = (text: string): text is VisitState | 'due' | 'done' =>
  text === 'due' || text === 'done' || visitStates.some((s) => s === text)

export const isStatus = (text: string): text is CohortMember['status'] => text === 'dead' || memberStatuses.some((s) => s === text)

/** What of a study is looked at, as the address has it. */
export type Looked = { position: number; side: string; state: string; missing: string; status: string }
