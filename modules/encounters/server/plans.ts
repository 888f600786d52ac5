import type { EncounterStatus } from '../contract.ts'
import type { EncounterEvent } from './facts.ts'
import type { Place } from './places.ts'

/** What is planned for a stay and has not happened: that he goes home, that he is moved. */
export type Plans = {
  /** Where a day alone was said, its noon. */
  expectedDischargeAt: string | null
  dischargePlannedSince: string | null
  transferPlannedSince: string | null
  transferExpectedAt: string | null
  nextWardId: string | null
  nextRoom: string | null
  nextBed: string | null
}

export type SaidPlans = Partial<Pick<Plans, 'expectedDischargeAt' | 'transferExpectedAt' | 'nextWardId' | 'nextRoom' | 'nextBed'>>

const noTransfer = { transferPlannedSince: null, transferExpectedAt: null, nextWardId: null, nextRoom: null, nextBed: null }
const noDischarge = { expectedDischargeAt: null, dischargePlannedSince: null }
export const noPlans: Plans = { ...noDischarge, ...noTransfer }

/** A plan is gone when it is called off and when it has happened; a recall does not bring back the plan to go home. */
export function tellPlans(
  tale: Plans & Place & { status: EncounterStatus },
  event: EncounterEvent,
  said: SaidPlans & Partial<Place>,
  at: string,
): void {
  if (event === 'discharge' || event === 'cancelAdmit' || event === 'cancelPreadmit') Object.assign(tale, noPlans)
  if (event === 'transfer' || event === 'cancelPlanTransfer') Object.assign(tale, noTransfer)
  if (event === 'discharge' || tale.status === 'discharged' || tale.status === 'cancelled') return
  if (said.expectedDischargeAt !== undefined) tale.expectedDischargeAt = said.expectedDischargeAt
  if (event === 'planDischarge') tale.dischargePlannedSince = at
  if (event === 'cancelPlanDischarge') Object.assign(tale, noDischarge)
  if (event === 'planTransfer')
    Object.assign(tale, {
      ...noTransfer,
      ...nextPlace(tale, said),
      transferPlannedSince: at,
      transferExpectedAt: said.transferExpectedAt ?? null,
    })
}

/** Some systems write where he will lie into the place where he lies. */
function nextPlace(tale: Place, said: SaidPlans & Partial<Place>) {
  if (said.nextWardId || said.nextBed)
    return { nextWardId: said.nextWardId ?? null, nextRoom: said.nextRoom ?? null, nextBed: said.nextBed ?? null }
  const isElsewhere = Boolean(said.wardId) && (said.wardId !== tale.wardId || (said.bed ?? tale.bed) !== tale.bed)
  return isElsewhere ? { nextWardId: said.wardId ?? null, nextRoom: said.room ?? null, nextBed: said.bed ?? null } : {}
}

/** Nobody has been moved yet, and what such a message says of the place may be either. */
export const isOfPlannedMove = (event: EncounterEvent): boolean => event === 'planTransfer' || event === 'cancelPlanTransfer'
