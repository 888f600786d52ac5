import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { encodeText, splitFrames } from '@renxin/hl7'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Incoming, ingest, integration, readFrame } from './index.ts'
import { usualMapping } from './mapping.ts'
import { translate } from './translate.ts'

/** Messages of other makers and of our own, with what stands in each of them beside. */
const folder = process.env.RENXIN_SAMPLES && join(process.env.RENXIN_SAMPLES, 'hl7')
const isThere = folder !== undefined && existsSync(join(folder, 'expected.json'))

type Summary = {
  control_id?: string
  type?: string
  event?: string
  patients?: { ids?: { id?: string }[]; names?: { family?: string }[] }[]
  visit?: { visit_no?: string }
}
type Expected = Record<string, { message_count: number; messages?: Summary[] }>

if (!isThere) {
  test('the samples of other makers are kept as they say', (t) => t.skip('RENXIN_SAMPLES names no folder with hl7/expected.json'))
} else {
  const expected: Expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(hl7|bin)$/.test(f)).toSorted() // biome-ignore format: one thought
  const read = (name: string): Incoming[] => splitFrames(readFileSync(join(folder, name))).flatMap((bytes) => readFrame(bytes))

  describe('the samples of other makers', async () => {
    const house = await openHouse([staff, patients, files, encounters, integration], { now: '2026-08-01T09:00+08:00' })
    const take = (messages: readonly Incoming[]) => house.inside((ctx) => ingest(ctx, messages))
    /** Everything that the messages have made, by what it says and not by when it was written. */
    const state = async () => {
      const all: Record<string, unknown[]> = {}
      for (const [table, order] of Object.entries(tables)) {
        const rows = await house.sql<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${table} t order by ${order}`, [])
        all[table] = rows.map(({ row }) => Object.fromEntries(Object.entries(row).filter(([column]) => !changing.has(column))))
      }
      return all
    }
    const became = new Map<string, string[]>()
    beforeAll(async () => {
      for (const name of names)
        became.set(
          name,
          (await take(read(name))).map((t) => t.status),
        )
    }, 120_000)

    test('are all kept, and none fails but the two that are no messages', async () => {
      const rows = await house.sql<{ status: string; reason: string | null }>(
        "select status, reason from integration.messages where status = 'failed' order by reason",
        [],
      )

      expect(rows.map((r) => r.reason)).toEqual(['noHeader', 'noType'])
      expect(await house.sql("select distinct reason from integration.messages where status = 'waiting' order by 1", [])).toEqual([
        { reason: 'noPatientId' },
        { reason: 'noVisitNumber' },
      ])
    })

    test.each(names)('%s: its persons and visits are in the file', async (name) => {
      const statuses = became.get(name) ?? []
      const messages = expected[name]?.messages ?? []
      expect(statuses.length).toBeGreaterThanOrEqual(expected[name]?.message_count ?? 0)

      for (const [i, { type, event, patients: people = [], visit }] of messages.entries()) {
        if (statuses[i] !== 'applied' || type === 'MFN') continue
        for (const { ids = [] } of people.slice(0, 1)) {
          const found = await house.sql<{ n: number }>('select count(*)::int as n from patients.identifiers where value = any($1)', [
            ids.map((one) => one.id ?? ''),
          ])
          expect(found[0]?.n, `${type}^${event} ${ids[0]?.id}`).toBeGreaterThan(0)
        }
        if (type === 'ADT' && visit?.visit_no && !personEvents.has(event ?? '')) {
          expect(await house.sql('select status from encounters.cards where number = $1', [visit.visit_no])).toHaveLength(1)
        }
      }
    })

    test('taken a second time, they change nothing', async () => {
      const before = await state()

      const again = (await Promise.all(names.map(read))).flat()
      const statuses = new Set<string>()
      for (let at = 0; at < again.length; at += 200) for (const t of await take(again.slice(at, at + 200))) statuses.add(t.status)

      expect([...statuses]).toEqual(['duplicate'])
      expect(await state()).toEqual(before)
    }, 60_000)

    test('sent again under other control ids, they are other messages and say the same', async () => {
      const before = await state()

      const renumbered = names.flatMap((name) => read(name).flatMap((one) => (!isNumberless(one) ? readFrame(renumber(one)) : [])))
      for (let at = 0; at < renumbered.length; at += 200) await take(renumbered.slice(at, at + 200))

      expect(await state()).toEqual(before)
    }, 60_000)
  })
}

const tables = {
  'patients.patients': 'medical_record_number, name, id',
  'patients.identifiers': 'system, type, value',
  'patients.contacts': "patient_id, relation, encode(phone_index, 'hex')",
  'encounters.encounters': 'number',
  'encounters.stays': 'encounter_id, position',
  'encounters.levels': 'encounter_id, position',
  'encounters.diagnoses': 'encounter_id, type, rank',
  'encounters.team': 'encounter_id, position',
  'encounters.reports': 'source, number',
  'encounters.orders': 'source, number',
  'encounters.documents': 'source, number',
  'encounters.charges': 'source, number',
  'encounters.bookings': 'source, number',
  'encounters.procedures': 'source, number',
}
const changing = new Set(['said_at', 'created_at', 'changed_at', 'identity_card', 'address', 'religion', 'phone'])
const personEvents = new Set(['A28', 'A31', 'A18', 'A24', 'A34', 'A40', 'A43'])

/** A record that has no number of its own is known by its message: under another control id it is another record. */
function isNumberless({ message }: Incoming): boolean {
  if (!message) return true
  const said = translate(message, { mapping: usualMapping, zone: 'Asia/Shanghai', receivedAt: new Date(0), source: '' })
  return said.records?.some((r) => r.number.startsWith(`${message.controlId}-`)) ?? false
}

function renumber(one: Incoming): Buffer {
  const separator = one.text[3] ?? '|'
  const [header = '', ...lines] = one.text.split('\r')
  const fields = header.split(separator)
  fields[9] = `again-${fields[9] ?? ''}`
  return encodeText([fields.join(separator), ...lines].join('\r'), one.charset)
}
