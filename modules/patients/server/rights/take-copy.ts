import { audit, type Context } from '@renxin/server'
import { exportPage } from '@renxin/server/export'
import { type CopySection, rightsApi, rightsErrors } from '../../contract.ts'
import { words } from '../../words.ts'
import { findRequest, settle } from './requests.ts'
import { subjectOf } from './subject.ts'

/** Puts together what all rooms hold of a person. It is kept nowhere: made anew each time it is taken, and each time noted. */
export async function takeCopy(ctx: Context, { id }: { id: string }) {
  const request = await findRequest(ctx, id)
  if (request.kind !== 'copy') throw rightsErrors.rightOfOtherKind({ id })
  if (request.state === 'refused' || request.state === 'withdrawn') throw rightsErrors.rightClosed({ id, byName: request.decidedByName })
  const subject = await subjectOf(ctx, request.patientId)
  const sections: CopySection[] = []
  for (const [module, holdings] of ctx.holdings)
    for (const part of await holdings.copy(ctx, subject)) sections.push({ module, ...part, rows: part.rows.map((r) => ({ ...r })) })
  if (request.state === 'open') await settle(ctx, id, { state: 'done' })
  const rows = sections.reduce((n, s) => n + s.rows.length, 0)
  await audit(ctx, { action: 'patients.copyTaken', patientId: subject.id, objectId: id, detail: { rows } })
  const { copyTitle, kind, copyTakenFor } = words.rights
  const serial = await exportPage(ctx, {
    route: rightsApi.takeCopy,
    title: copyTitle,
    reason: copyTakenFor({ kind: kind.copy, day: ctx.clock.dayOf(new Date(request.receivedAt)) }),
    rows,
  })
  return {
    patientId: subject.id,
    serial,
    takenAt: ctx.clock.now().toISOString(),
    hospital: ctx.hospital.name,
    byName: ctx.actor.name,
    sections: sections.filter((s) => s.rows.length > 0),
  }
}
