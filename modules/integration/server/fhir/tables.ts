import type { EncounterViews } from '@renxin/encounters'
import type { FollowupViews } from '@renxin/followups'
import type { PatientViews } from '@renxin/patients'
import type { Context } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'

/** The head of a resource that was sent to us. */
export type Head = {
  key: string
  type: string
  id: string
  version: number
  changedAt: Date
  isDeleted: boolean
  hash: Buffer
  objectId: string | null
  patientId: string | null
  waitsFor: string | null
}

export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type SubscriptionRow = {
  id: string
  name: string
  type: string
  criteria: string
  channel: Buffer
  showsWhole: boolean
  isActive: boolean
  /** Held by the hospital: not the subscriber's to change. */
  isPaused: boolean
  endsAt: Date | null
  failures: number
  error: string | null
}

export type Tables = {
  'integration.fhirSubscriptions': SubscriptionRow
  'integration.fhirSettings': { hookHosts: string[] }
  'integration.fhirResources': Head
  'integration.fhirVersions': {
    key: string
    version: number
    type: string
    changedAt: Date
    method: WriteMethod
    body: Buffer | null
  }
  'integration.fhirIndex': {
    key: string
    position: number
    what: string
    value: string | null
    system: string | null
    low: Date | null
    high: Date | null
    amount: number | null
  }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & PatientViews & EncounterViews & StaffViews & SurveyViews & FollowupViews>()
