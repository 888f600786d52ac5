import type { ExportWaits, Input } from '@renxin/kernel'
import { auditMany, type Context, type FileReply } from '@renxin/server'
import { exportTables } from '@renxin/server/export'
import { mostExportedLooks, unusualApi, unusualErrors } from '../../contract.ts'
import { reasonText } from '../../unusual-reason.ts'
import { words } from '../../words.ts'
import { shownLook, unusualQuery } from './looks.ts'

const t = words.unusual

/** The list as a file that prints: no more of anybody than it shows. */
export async function exportUnusual(
  ctx: Context,
  { format, reason, ...filters }: Input<(typeof unusualApi)['exportUnusual']>,
): Promise<FileReply | ExportWaits> {
  const rows = await unusualQuery(ctx, filters).orderBy('u.onDay', 'desc').orderBy('u.id', 'desc').limit(mostExportedLooks + 1).execute() // biome-ignore format: one line
  if (rows.length > mostExportedLooks) throw unusualErrors.tooManyLooks({ most: mostExportedLooks })
  const shown = rows.map((row) => shownLook(ctx, row))
  const { rule, state, from, to } = filters
  const asked: [string, string | undefined][] = [
    [t.rule, rule && t.rules[rule]],
    [t.state, state && t.states[state]],
    [t.who, filters.actorId && shown[0]?.actorName],
    [t.day, from || to ? `${from ?? ''} ~ ${to ?? ''}` : undefined],
  ]
  const reply = await exportTables(ctx, {
    route: unusualApi.exportUnusual,
    title: t.title,
    fileName: `${t.title} ${ctx.clock.today()}`,
    format,
    reason,
    asked: filters,
    filters: asked.flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
    tables: [
      {
        name: t.title,
        columns: [t.day, t.rule, t.who, t.whom, t.why, t.looks, t.state, t.asked, t.noteText, t.decidedBy].map((name) => ({
          name,
          width: 18,
        })),
        rows: shown.map((r) => [
          r.day,
          t.rules[r.rule],
          r.actorName,
          r.isProtected ? t.hidden : (r.patientName ?? ''),
          r.reason ? reasonText(r.reason) : t.hidden,
          r.looks,
          t.states[r.state],
          r.asked,
          r.note,
          r.decidedBy,
        ]),
      },
    ],
  })
  const patientIds = 'body' in reply ? [...new Set(shown.flatMap((r) => r.patientId ?? []))] : [] // what waits has been seen by nobody
  await auditMany(ctx, patientIds.map((patientId) => ({ action: 'patients.exportUnusual', patientId, reason }))) // biome-ignore format: one line
  return reply
}
