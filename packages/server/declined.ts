import type { ExchangeReply } from '@renxin/kernel'
import type { AuditEntry } from './audit.ts'

/** What the trail keeps of a refusal that was answered in a standard's own words. */
export type Trace = Required<Pick<AuditEntry, 'refusal'>> & Pick<AuditEntry, 'patientId' | 'objectId'>

/** Thrown by the handler of an exchange: what it did is taken back, and this is the answer; `trace` where the refusal is one that the trail keeps. */
export class Declined extends Error {
  readonly reply: ExchangeReply
  readonly trace: Trace | undefined
  constructor(reply: ExchangeReply, trace?: Trace) {
    super(`declined with ${reply.status}`)
    this.reply = reply
    this.trace = trace
  }
}
