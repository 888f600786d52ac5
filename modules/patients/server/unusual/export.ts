import type { ExportWaits, Input } from '@renxin/kernel'
import { auditMany, type Context, type FileReply } from '@renxin/server'
import { exportTables, releasedAsOf } from '@renxin/server/export'
import { mostExportedLooks, type UnusualFilters, unusualApi, unusualErrors } from '../../contract.ts'
import { reasonText } from '../../unusual-reason.ts'
import { words } from '../../words.ts'
import { shownLook, unusualQuery } from './looks.ts'

const t = words.unusual

/** The list as a file that prints: no more of anybody than it shows. */
export async function exportUnusual(
  ctx: Context,
  { format, reason, ...asked }: Input<(typeof unusualApi)['exportUnusual']>,
): Promise<FileReply | ExportWaits> {
  const { asOf, ...filters } = asked
  const released = await releasedAsOf(ctx, { route: unusualApi.exportUnusual, asked })
  const seenAt = asOf ? new Date(asOf) : released
  if (asOf && !released && (await haveChanged(ctx, filters, new Date(asOf)))) throw unusualErrors.looksChanged()
  const rows = await unusualQuery(ctx, filters).$if(seenAt !== undefined, (q) => q.where('u.foundAt', '<=', seenAt ?? new Date(0))).orderBy('u.onDay', 'desc').orderBy('u.id', 'desc').limit(mostExportedLooks + 1).execute() // biome-ignore format: one line
  if (rows.length > mostExportedLooks) throw unusualErrors.tooManyLooks({ most: mostExportedLooks })
  const shown = rows.map((row) => shownLook(ctx, row))
  const { rule, state, from, to } = filters
  const inWords: [string, string | undefined][] = [
    [t.rule, rule && t.rules[rule]],
    [t.state, state && t.states[state]],
    [t.who, filters.actorId && shown[0]?.actorName],
    [t.day, from || to ? `${from ?? ''} ~ ${to ?? ''}` : undefined],
    [t.asOf, asOf && `${ctx.clock.dayOf(new Date(asOf))} ${ctx.clock.timeOf(new Date(asOf))}`],
  ]
  const reply = await exportTables(ctx, {
    route: unusualApi.exportUnusual,
    title: t.title,
    fileName: `${t.title} ${ctx.clock.today()}`,
    format,
    reason,
    asked,
    filters: inWords.flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
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

/** Whether something that stood on the page was decided or seen again since; what is decided may have left the state that was asked for. */
async function haveChanged(ctx: Context, { state: _, ...filters }: UnusualFilters, since: Date): Promise<boolean> {
  const changed = await unusualQuery(ctx, filters)
    .where('u.foundAt', '<=', since)
    .where('u.changedAt', '>', since)
    .limit(1)
    .executeTakeFirst()
  return changed !== undefined
}
