import type { Context } from '@renxin/server'
import type { ExportTable } from '@renxin/server/export'
import type { LevelTwo } from '../../contract.ts'
import { words } from '../../words.ts'
import { countSpots } from './spots.ts'
import { countUrges } from './urges.ts'

type Asked = { from: string; to: string; departmentId?: string | undefined }
const nothing = { urges: 0, called: 0, spots: 0, checked: 0 }

/** What level 2 did between two days, by department; which looked into least of what was drawn first. */
export async function levelTwoOf(ctx: Context, asked: Asked): Promise<LevelTwo[]> {
  const found = new Map<string, LevelTwo>()
  for (const row of [...(await countUrges(ctx, asked)), ...(await countSpots(ctx, asked))])
    found.set(row.departmentId, { ...nothing, ...found.get(row.departmentId), ...row })
  const share = ({ spots, checked }: LevelTwo) => (spots === 0 ? 2 : checked / spots)
  return [...found.values()].sort(
    (a, b) => share(a) - share(b) || b.spots - a.spots || b.urges - a.urges || (a.departmentId < b.departmentId ? -1 : 1),
  )
}

const t = words.supervision.levelTwo

export const levelTwoTable = (rows: readonly LevelTwo[]): ExportTable => ({
  name: t.title,
  columns: [
    { name: words.department, width: 24 },
    { name: t.parts.urges, as: 'count' },
    { name: t.parts.called, as: 'count' },
    { name: t.parts.spots, as: 'count' },
    { name: t.parts.checked, as: 'count' },
    { name: t.share, as: 'share' },
  ],
  rows: rows.map((r) => [r.departmentName, r.urges, r.called, r.spots, r.checked, r.spots > 0 ? r.checked / r.spots : null]),
})
