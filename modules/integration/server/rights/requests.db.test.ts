import { newId } from '@renxin/kernel'
import { type RequestKind, rightsApi } from '@renxin/patients/contract'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Cage, openCage, said } from './canaries.fixture.ts'

let cage: Cage
const ids: Record<string, string> = {}
beforeAll(async () => {
  cage = await openCage()
  for (const record of ['REQ1', 'REQ2']) {
    await cage.send(said('A28', '20260901093000', record, { record, name: `雀${record}` }))
    const [row] = await cage.house.sql<{ id: string }>('select id from patients.cards where medical_record_number = $1', [record])
    ids[record] = row?.id ?? ''
  }
}, 120_000)

async function take(kind: RequestKind, receivedAt: string, record = 'REQ1') {
  const id = newId()
  const items = kind === 'correction' ? [{ field: 'payer' as const, value: '自费' }] : []
  return cage.clerk.call(rightsApi.recordRight, {
    id, patientId: ids[record] ?? '', kind, asker: 'patient', proof: 'identityCard', items, receivedAt,
  }) // biome-ignore format: a list
}

test('without a term of the hospital nothing is due; a term counts calendar days from receipt and moves nothing that was taken in before', async () => {
  const before = await take('copy', '2026-09-01T09:00:00+08:00')
  expect(before).toMatchObject({ dueOn: null, isOverdue: false })

  await cage.clerk.call(rightsApi.saveRightsTerm, { answerDays: 15 })
  const after = await take('copy', '2026-08-31T23:30:00+08:00') // in the hospital's own day

  expect(after).toMatchObject({ dueOn: '2026-09-15', isOverdue: false })
  expect(await cage.clerk.call(rightsApi.rightsRequest, { id: before.id })).toMatchObject({ dueOn: null })
  cage.house.setNow('2026-09-15T23:00+08:00')
  expect(await cage.clerk.call(rightsApi.rightsRequest, { id: after.id })).toMatchObject({ isOverdue: false })
  cage.house.setNow('2026-09-16T00:30+08:00')
  expect(await cage.clerk.call(rightsApi.rightsRequest, { id: after.id })).toMatchObject({ isOverdue: true })
  const late = await cage.clerk.call(rightsApi.rightsRequests, { isOverdue: 'true' })
  expect(late.rows.map((r) => r.id)).toEqual([after.id])
  await cage.clerk.call(rightsApi.withdrawRight, { id: after.id })
  expect((await cage.clerk.call(rightsApi.rightsRequests, { isOverdue: 'true' })).rows).toEqual([])
  await cage.clerk.call(rightsApi.withdrawRight, { id: before.id })
})

describe('a refusal', () => {
  test('has its reason, which is sealed at rest, and is final', async () => {
    const { id } = await take('erasure', '2026-09-02T09:00:00+08:00')
    await expect(cage.chief.call(rightsApi.refuseRight, { id, refusal: ' ' })).rejects.toMatchObject({ kind: 'invalid' })

    const refused = await cage.chief.call(rightsApi.refuseRight, { id, refusal: '未能核实申请人身份' })

    expect(refused).toMatchObject({ state: 'refused', refusal: '未能核实申请人身份', decidedByName: '周主任' })
    const [row] = await cage.house.sql<{ raw: string }>(
      "select encode(refusal, 'escape') as raw from patients.rights_requests where id = $1",
      [id],
    )
    expect(row?.raw).not.toContain('身份')
    await expect(cage.chief.call(rightsApi.erase, { id, hasRead: true })).rejects.toMatchObject({ code: 'patients.rightClosed' })
    await expect(cage.clerk.call(rightsApi.withdrawRight, { id })).rejects.toMatchObject({ code: 'patients.rightClosed' })
  })

  test('of every line of a correction refuses the request with those reasons; a line that is left needs one', async () => {
    const { id } = await take('correction', '2026-09-03T09:00:00+08:00')
    const decide = (reason?: string) =>
      cage.clerk.call(rightsApi.decideCorrection, { id, decisions: [{ field: 'payer', isAccepted: false, ...(reason ? { reason } : {}) }] })

    await expect(decide()).rejects.toMatchObject({ code: 'patients.rightReasonNeeded' })
    expect(await decide('医保系统中仍为职工医保')).toMatchObject({ state: 'refused', refusal: '医保系统中仍为职工医保' })
  })
})

test('the list is narrowed by kind, state and patient, the newest first, and goes on page by page', async () => {
  const open = [
    await take('correction', '2026-09-05T09:00:00+08:00', 'REQ2'),
    await take('copy', '2026-09-06T09:00:00+08:00', 'REQ2'),
    await take('copy', '2026-09-07T09:00:00+08:00', 'REQ2'),
  ].map((r) => r.id)
  const list = async (ask: object) => (await cage.clerk.call(rightsApi.rightsRequests, ask)).rows.map((r) => r.id)
  const newest = open.toReversed()

  expect(await list({ patientId: ids.REQ2 })).toEqual(newest)
  expect(await list({ patientId: ids.REQ2, kind: 'copy' })).toEqual(newest.slice(0, 2))
  expect(await list({ state: 'open' })).toEqual(newest)
  expect((await list({ state: 'refused' })).length).toBe(2)
  const first = await cage.clerk.call(rightsApi.rightsRequests, { patientId: ids.REQ2 ?? '', limit: 2 })
  expect(first.rows.map((r) => r.id)).toEqual(newest.slice(0, 2))
  const second = await cage.clerk.call(rightsApi.rightsRequests, { patientId: ids.REQ2 ?? '', limit: 2, after: first.next ?? '' })
  expect(second).toMatchObject({ rows: [{ id: newest[2] }], next: null })
})

test('a request cannot have come tomorrow, and whoever asks for somebody else is named', async () => {
  await expect(take('copy', '2027-01-01T09:00:00+08:00')).rejects.toMatchObject({ code: 'patients.rightInFuture' })
  await expect(
    cage.clerk.call(rightsApi.recordRight, {
      id: newId(),
      patientId: ids.REQ1 ?? '',
      kind: 'copy',
      asker: 'guardian',
      proof: 'guardianship',
    }),
  ).rejects.toMatchObject({ code: 'patients.whoAsks' })
})
