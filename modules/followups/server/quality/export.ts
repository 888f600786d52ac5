import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { type Cell, exportTables } from '@renxin/server/export'
import { getVersion } from '@renxin/surveys'
import { answersTo, type Item, isQuestion, readForm, type Value } from '@renxin/surveys/contract'
import { qualityApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { checksOf, qualityByPerson } from './list.ts'
import { refuseRatings } from './ratings.ts'
import { db } from './tables.ts'

const w = words.quality
const MOST_ROWS = 20_000

/** The checks of a month as a file: by person, then each with what was answered to every item. It names no patient. */
export async function exportQuality(
  ctx: Context,
  { format, reason, ...asked }: Input<(typeof qualityApi)['exportQuality']>,
): Promise<FileReply | ExportWaits> {
  refuseRatings(ctx)
  const rows = await checksOf(ctx, asked).orderBy('k.checkedOn').orderBy('k.id').limit(MOST_ROWS).execute()
  const people = (await qualityByPerson(ctx, asked)).rows.filter((p) => !asked.ownerId || p.ownerId === asked.ownerId)
  const items = new Map<string, Item>() // of all versions that were answered, the words of the newest
  for (const id of [...new Set(rows.map((r) => r.versionId))])
    for (const item of readForm((await getVersion(ctx, id)).definition).byLinkId.values())
      if (isQuestion(item)) items.set(item.linkId, item)
  const asks = [...items.values()]
  return exportTables(ctx, {
    route: qualityApi.exportQuality,
    title: w.title,
    fileName: `${w.title} ${asked.month}`,
    format,
    reason,
    asked,
    filters: [
      [words.supervision.month, asked.month],
      [words.department, (await nameOfUnit(ctx, asked.departmentId)) ?? w.allDepartments],
    ],
    tables: [
      {
        name: w.byPerson,
        columns: [
          { name: w.owner, width: 16 },
          { name: w.checks, as: 'count' },
          { name: w.share, as: 'share' },
        ],
        rows: people.map((p): Cell[] => [p.ownerName, p.checks, p.most > 0 ? p.points / p.most : null]),
      },
      {
        name: w.each,
        columns: [
          { name: w.checkedOn },
          { name: words.department, width: 20 },
          { name: w.owner, width: 16 },
          { name: w.checkedBy, width: 16 },
          { name: w.points, as: 'number' },
          { name: w.most, as: 'number' },
          { name: w.share, as: 'share' },
          ...asks.map((item) => ({ name: item.text.text, width: 24 })),
        ],
        rows: rows.map((r): Cell[] => [
          r.checkedOn,
          r.departmentName,
          r.ownerName,
          r.checkedByName,
          r.points,
          r.most,
          r.most > 0 ? r.points / r.most : null,
          ...asks.map((item) =>
            answersTo(r.answers, item.linkId)
              .map((v) => labelOf(item, v))
              .join('、'),
          ),
        ]),
      },
    ],
  })
}

const labelOf = (item: Item, value: Value): string =>
  typeof value === 'object' ? value.other : (item.options.find((o) => o.key === value)?.label.text ?? String(value))

async function nameOfUnit(ctx: Context, id: string | undefined): Promise<string | undefined> {
  const unit = id ? await db(ctx).selectFrom('staff.unitCards').where('id', '=', id).select('name').executeTakeFirst() : undefined
  return unit?.name
}
