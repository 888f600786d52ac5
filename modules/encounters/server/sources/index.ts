import type { Found, Named, Sources } from '@renxin/server'
import { recordsEn, recordsZh } from '../../words-records.ts'
import { orderKinds, reportKinds, sourceList } from './list.ts'
import { readBookings, readOperations, readOrders, readReports } from './read-records.ts'
import { findAnalytes, readResults } from './read-results.ts'
import { readDiagnoses, readVisits } from './read-visits.ts'

/** What forms may be filled with of a visit and of the records of its patient. */
export const sources: Sources = {
  list: async () => sourceList,
  choices: async (ctx, path, search) => {
    const found = path.startsWith('laboratory.') ? await findAnalytes(ctx) : kindsOf(path)
    const asked = search.trim().toLowerCase()
    return found.filter((c) => `${c.value} ${c.title.join(' ')}`.toLowerCase().includes(asked)).slice(0, MOST_CHOICES)
  },
  read: async (ctx, visits, paths) => {
    const found: Found[][] = visits.map(() => [])
    for (const read of readers) {
      const more = await read(ctx, visits, paths)
      for (const [at, list] of found.entries()) list.push(...(more[at] ?? []))
    }
    return found
  },
}

const MOST_CHOICES = 100
const readers = [readVisits, readDiagnoses, readOperations, readOrders, readBookings, readResults, readReports]

type Choice = { value: string; title: Named }
function kindsOf(path: string): Choice[] {
  if (path === 'order.list') return orderKinds.map((value) => ({ value, title: [recordsZh.orderKind[value], recordsEn.orderKind[value]] }))
  if (path.startsWith('report.')) return reportKinds.map((value) => ({ value, title: [recordsZh.kind[value], recordsEn.kind[value]] }))
  return []
}
