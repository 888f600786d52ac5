import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { Charset, MessageStatus, Note, Profile } from '../contract.ts'

export type SenderRow = {
  id: string
  application: string
  facility: string
  name: string
  mapping: Profile
  charset: Charset
  zone: string | null
  replyMode: 'auto' | 'original' | 'enhanced'
  isActive: boolean
  isNew: boolean
  createdAt: Date
  changedAt: Date
}

export type MessageTable = {
  id: string
  senderId: string
  controlId: string
  contentHash: Buffer
  receivedAt: Date
  sentAt: Date | null
  type: string
  event: string
  visitNumber: string | null
  charset: string
  body: Buffer
  mended: Buffer | null
  status: MessageStatus
  reason: string | null
  detail: string | null
  notes: Note[] | null
  reusesControlId: boolean
  patientId: string | null
  encounterId: string | null
  attempts: Generated<number>
  appliedAt: Date | null
  mendedBy: Generated<string | null>
  mendedByName: Generated<string | null>
  mendedAt: Generated<Date | null>
  mendReason: Generated<string | null>
}

export type Tables = {
  'integration.senders': SenderRow
  'integration.messages': MessageTable
  'integration.settings': { keepDays: number }
  'integration.unmappedCodes': { senderId: string; field: string; code: string; times: number; firstAt: Date; lastAt: Date }
  'integration.runs': {
    id: string
    kind: 'replay' | 'mend' | 'aside'
    what: unknown
    rule: Buffer | null
    reason: string
    startedBy: string
    startedByName: string
    startedAt: Date
    total: number
    settled: Generated<number>
    unsettled: Generated<number>
    afterId: string
    untilId: string
    status: Generated<'running' | 'done' | 'stopped'>
    finishedAt: Generated<Date | null>
  }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & PatientViews & EncounterViews>()
