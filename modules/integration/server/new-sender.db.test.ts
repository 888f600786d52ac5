import { encounters } from '@renxin/encounters'
import { encodeMessage } from '@renxin/hl7'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { integrationApi } from '../contract.ts'
import { deadLettersApi } from '../dead-letters-contract.ts'
import { ingest, integration, readFrame } from './index.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
const engineer = house.who('integration.read', 'integration.mend', 'integration.manage')

/** A system that nobody knows yet: it writes the nursing level into a segment of its own, in words of its own. */
const messageOf = (n: number, event: string, sentAt: string, level: string) =>
  encodeMessage([
    [
      'MSH',
      'WNHIS',
      '乙院',
      'CRM',
      '',
      sentAt,
      '',
      ['ADT', event],
      `${n}-${event}-${sentAt}`,
      'P',
      '2.4',
      '',
      '',
      '',
      '',
      '',
      'UNICODE UTF-8',
    ],
    ['EVN', event, sentAt],
    ['PID', '1', '', [`W${n}`, '', '', 'WN', 'MR'], '', `吴${n}`, '', '19700101', 'M'],
    ['PV1', '1', 'I', ['骨科', '', '8'], ...Array(15).fill(undefined), `WV${n}`],
    ['ZHL', 'x', [level, '等级护理']],
  ])
const send = async (...texts: string[]) =>
  (await house.inside((ctx) => ingest(ctx, texts.flatMap((t) => readFrame(Buffer.from(t)))))).map((t) => t.status) // biome-ignore format: one thought
const levelOf = async (n: number) =>
  (await house.sql<{ nursing_level: string | null }>('select nursing_level from encounters.cards where number = $1', [`WV${n}`]))[0]
    ?.nursing_level

test('a new system is connected in an afternoon: seen, tried, mapped, its codes given a meaning, and what came before is read again', async () => {
  // It appears by itself, its patients are in the file, and of the nursing level nothing is known.
  expect(await send(messageOf(1, 'A01', '20251119090000', 'HL-A'))).toEqual(['applied'])
  const sender = (await engineer.call(integrationApi.senders, {})).rows.find((s) => s.application === 'WNHIS')
  expect(sender).toMatchObject({ isNew: true, mapping: {} })
  expect(await levelOf(1)).toBeNull()

  // The engineer pastes a message and tries a place: it is found there, and its code means nothing yet.
  const id = sender?.id ?? ''
  const mapping = { nursingLevel: 'ZHL-2' }
  const tried = await engineer.call(integrationApi.testMapping, { mapping, text: messageOf(2, 'A01', '20251119100000', 'HL-A') })
  expect(tried.reads).toContainEqual({ field: 'nursingLevel', path: 'ZHL-2', value: 'HL-A^等级护理' })
  expect(tried.reads).toContainEqual({ field: 'patientId', path: 'PID-3', value: 'W2^^^WN^MR' })
  expect(tried.notes).toEqual([{ code: 'unknownCode', field: 'nursingLevel', value: 'HL-A' }])
  expect(await house.sql('select 1 from patients.identifiers where value = $1', ['W2'])).toEqual([]) // nothing is kept

  const settings = { id, name: '乙院 HIS', charset: 'auto' as const, zone: null, replyMode: 'auto' as const, isActive: true }
  await engineer.call(integrationApi.saveSender, { ...settings, mapping })
  await send(
    messageOf(2, 'A01', '20251119100000', 'HL-A'),
    messageOf(3, 'A01', '20251119110000', 'HL-A'),
    messageOf(4, 'A01', '20251119110000', 'HL-B'),
  )

  // What came without a meaning is offered, the most frequent first; given one, those messages are read again.
  expect((await engineer.call(deadLettersApi.unmapped, {})).rows).toMatchObject([
    { senderId: id, field: 'nursingLevel', code: 'HL-A', times: 2 },
    { senderId: id, field: 'nursingLevel', code: 'HL-B', times: 1 },
  ])
  await engineer.call(integrationApi.saveSender, {
    ...settings,
    mapping: { ...mapping, codes: { nursing: { 'HL-A': '一级', 'HL-B': '二级' } } },
  })
  expect(await engineer.call(integrationApi.replayAll, { cause: 'notes', senderId: id })).toMatchObject({ settled: 3, unsettled: 0 })

  expect([await levelOf(2), await levelOf(3), await levelOf(4)]).toEqual(['一级', '一级', '二级'])
  expect((await engineer.call(deadLettersApi.unmapped, {})).rows).toEqual([])
  expect(await send(messageOf(5, 'A01', '20251119120000', 'HL-B'))).toEqual(['applied'])
  expect(await levelOf(5)).toBe('二级')
})
