import type { ExportWaits, Input } from '@renxin/kernel'
import { type Context, type FileReply, sql } from '@renxin/server'
import { type Cell, exportTables } from '@renxin/server/export'
import { levelsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { db } from '../tables.ts'

type Asked = Input<typeof levelsApi.exportFrames>
const t = words.levels

/** The draws of a month and whom they were made from, so that anybody can draw again by `docs/sampling.md`. It names visits by their ids and no patient. */
export async function exportFrames(ctx: Context, { format, reason, ...asked }: Asked): Promise<FileReply | ExportWaits> {
  const of = sql<boolean>`d.level = 'centre' and d.month = ${`${asked.month}-01`}`
  const draws = await db(ctx)
    .selectFrom('followups.draws as d')
    .innerJoin('staff.unitCards as u', 'u.id', 'd.departmentId')
    .where(of)
    .selectAll('d')
    .select('u.name as departmentName')
    .orderBy('u.name')
    .orderBy('d.untilOn')
    .limit(20_000)
    .execute()
  const { rows: members } = await sql<{ drawId: string; encounterId: string; stratum: string; isDrawn: boolean }>`
    select f.draw_id, f.encounter_id, f.stratum, f.is_drawn
      from followups.draw_frame f join followups.draws d on d.id = f.draw_id
     where ${of} order by f.draw_id, f.encounter_id limit 200_000`.execute(ctx.db)
  return exportTables(ctx, {
    route: levelsApi.exportFrames,
    title: t.framesTitle,
    fileName: `${t.framesTitle} ${asked.month}`,
    format,
    reason,
    asked,
    filters: [[t.month, asked.month]],
    tables: [
      {
        name: t.drawsTable,
        columns: [
          { name: t.drawId, width: 38 },
          { name: words.department, width: 20 },
          { name: t.untilOn },
          { name: t.seed, width: 38 },
          { name: t.share, as: 'count' },
          { name: t.strataBy, width: 30 },
          { name: t.discharged, as: 'count' },
          { name: t.leftOut, as: 'count' },
          { name: t.frameBefore, as: 'count' },
          { name: t.drawnBefore, as: 'count' },
          { name: t.frame, as: 'count' },
          { name: t.drawn, as: 'count' },
          { name: t.drawnAt, width: 20 },
          { name: t.drawnBy },
        ],
        rows: draws.map((d): Cell[] => [
          d.id,
          d.departmentName,
          d.untilOn,
          d.seed,
          d.sharePercent,
          [...d.strataBy, d.stayBounds.join('/')].join(' '),
          d.discharged,
          d.discharged - d.frame,
          d.frameBefore,
          d.drawnBefore,
          d.frame,
          d.drawn,
          `${ctx.clock.dayOf(d.drawnAt)} ${ctx.clock.timeOf(d.drawnAt)}`,
          d.drawnByName || t.byItself,
        ]),
      },
      {
        name: t.frameTable,
        columns: [
          { name: t.drawId, width: 38 },
          { name: t.stratum, width: 30 },
          { name: t.visitId, width: 38 },
          { name: t.isDrawn, as: 'count' },
        ],
        rows: members.map((m): Cell[] => [m.drawId, m.stratum, m.encounterId, m.isDrawn ? 1 : 0]),
      },
    ],
  })
}
