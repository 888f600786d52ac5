import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { levelsApi, programmesApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'
import { drawDue, drawNow } from './draws.ts'

const { house, departmentId, newPatient, stayOf, tasksOf, stateOf } = await openWard('2026-08-20T09:00+08:00')
const centre = house.who('followups.draws', 'followups.sample', 'followups.programmes', { name: '何静' })
const auditor = house.who('followups.draws')
const other = { departmentCode: '0312', departmentName: '普外科', wardCode: '0312W1', wardName: '普外科一病区' }

/** So many who come in today and go home four days later; each as it is said. */
async function goHomeTogether(count: number, about: Parameters<typeof stayOf>[1] = {}, home: { disposition?: '2' | '5' } = {}) {
  const patients: string[] = []
  for (let n = 0; n < count; n += 1) patients.push(await newPatient())
  const stays = patients.map((id) => stayOf(id, about))
  for (const stay of stays) await stay.admit()
  house.advance({ days: 4 })
  const encounterIds: string[] = []
  for (const stay of stays) encounterIds.push(...(await stay.home(home)))
  await house.settle()
  return { patients, encounterIds, stays }
}
const drawn = () =>
  house.sql<{ encounter_id: string; draw_id: string; department_id: string; until_on: string }>(
    `select f.encounter_id, d.id as draw_id, d.department_id, d.until_on from followups.draw_frame f join followups.draws d on d.id = f.draw_id where f.is_drawn and f.level = 'centre'`,
  )
const asked = async () =>
  (
    await house.sql<{ encounter_id: string }>(
      `select t.encounter_id from followups.tasks t join followups.programmes p on p.id = t.programme_id where p.is_drawn order by 1`,
    )
  ).map((t) => t.encounter_id)
const rowsOf = async (month: string) => (await auditor.call(levelsApi.draws, { month })).rows

test('half of each department is drawn a day after the round is over, the dead and the transferred are left out, and who is drawn has a task', async () => {
  house.setNow('2026-09-01T09:00+08:00') // they go home on the fifth
  const nine = await goHomeTogether(9)
  house.setNow('2026-09-01T09:00+08:00')
  await goHomeTogether(1, {}, { disposition: '5' })
  house.setNow('2026-09-01T09:00+08:00')
  await goHomeTogether(1, {}, { disposition: '2' })
  house.setNow('2026-09-01T09:00+08:00')
  const four = await goHomeTogether(4, { ...other, condition: '病危' })
  await centre.call(levelsApi.saveLevelRule, {
    departmentId: await unitOf('0312'),
    rule: { samplePercent: 100, coverageLow: null, coverageHigh: null, spotPercent: null },
  })

  house.setNow('2026-09-08T09:00+08:00')
  await house.tick('followups.draw')
  expect(await drawn()).toEqual([])
  house.setNow('2026-09-09T09:00+08:00')
  await house.tick('followups.draw')

  const rows = await rowsOf('2026-09')
  expect(rows.find((r) => r.departmentId === departmentId)).toMatchObject({ discharged: 11, leftOut: 2, frame: 9, drawn: 5, waiting: 0 })
  expect(rows.find((r) => r.departmentName === '普外科')).toMatchObject({
    discharged: 4,
    leftOut: 0,
    frame: 4,
    drawn: 4,
    sharePercent: 100,
  })
  const ids = (await drawn()).map((d) => d.encounter_id).sort()
  expect(await asked()).toEqual(ids)
  expect(ids).toEqual(expect.arrayContaining(four.encounterIds))
  expect(ids.filter((id) => nine.encounterIds.includes(id))).toHaveLength(5)
})

const unitOf = async (code: string) => {
  const [unit] = await house.sql<{ id: string }>('select id from staff.units where code = $1', [code])
  return unit?.id ?? ''
}
const firstDraw = async () => {
  const draw = (await rowsOf('2026-09')).find((r) => r.departmentId === departmentId)?.draws[0]
  return auditor.call(levelsApi.draw, { id: draw?.id ?? '' })
}

test('drawn again by the clock, by hand, by two at once, or after it was killed half-way, nobody is drawn twice', async () => {
  const before = await drawn()
  await house.tick('followups.draw')
  await centre.call(levelsApi.drawNow, { month: '2026-09' })
  expect(await drawn()).toEqual(before)

  house.setNow('2026-09-06T09:00+08:00')
  await goHomeTogether(8) // on the tenth
  house.setNow('2026-09-11T09:00+08:00')
  const killed = house.inside(async (ctx) => {
    await drawNow(ctx, { month: '2026-09' })
    throw new Error('killed')
  })
  await expect(killed).rejects.toThrow('killed')
  expect(await drawn()).toEqual(before)

  const both = await Promise.all([1, 2].map(() => centre.call(levelsApi.drawNow, { month: '2026-09' })))

  expect(both.map((b) => b.draws).toSorted()).toEqual([0, 1])
  expect(await drawn()).toHaveLength(before.length + 4) // 17 in the month: nine in all, of which five were drawn before
  expect((await asked()).length).toBe(before.length + 4)
})

test('the day that still runs is not drawn from, so that nobody picks the moment', async () => {
  const before = await drawn()
  house.setNow('2026-09-07T09:00+08:00')
  await goHomeTogether(2)

  expect(await centre.call(levelsApi.drawNow, { month: '2026-09' })).toMatchObject({ draws: 0 })
  expect(await drawn()).toEqual(before)
  expect((await rowsOf('2026-09')).find((r) => r.departmentId === departmentId)).toMatchObject({ waiting: 2 })
})

test('a discharge that is told late is drawn from in the next round', async () => {
  house.setNow('2026-09-01T09:00+08:00')
  const late = await goHomeTogether(2, other) // on the fifth, of which we hear on the sixteenth
  house.setNow('2026-09-16T09:00+08:00')

  await house.tick('followups.draw')

  const found = await house.sql<{ until_on: string }>(
    `select d.until_on from followups.draw_frame f join followups.draws d on d.id = f.draw_id where f.encounter_id = any($1) and f.level = 'centre'`,
    [late.encounterIds],
  )
  expect(found.map((f) => f.until_on)).toEqual(['2026-09-14', '2026-09-14'])
})

test('drawn again from what was kept, the list is the same; and a list that somebody touched in the database is found out', async () => {
  const draw = await firstDraw()
  expect(draw).toMatchObject({
    sharePercent: 50,
    strataBy: ['severity', 'stay'],
    frame: 9,
    drawn: 5,
    leftOut: { died: 1, transferred: 1 },
    drawnByName: '',
  })
  expect(draw.strata.reduce((sum, s) => sum + s.drawn, 0)).toBe(5)
  for (const s of draw.strata) expect(Math.abs(s.drawn - s.expected)).toBeLessThan(1)
  expect(await auditor.call(levelsApi.redraw, { id: draw.id })).toEqual({
    isSame: true,
    recorded: 5,
    again: 5,
    missing: [],
    added: [],
    goneSince: 0,
  })

  await expect(house.sql('update followups.draw_frame set is_drawn = true')).rejects.toThrow(/permission denied/)
  await expect(house.sql('delete from followups.draws')).rejects.toThrow(/permission denied/)
  const [one] = (await drawn()).filter((d) => d.draw_id === draw.id)
  const hand = async (is: boolean) =>
    house.ownerSql(
      `set house.hospital = '${house.hospitalId}'; update followups.draw_frame set is_drawn = ${is} where level = 'centre' and encounter_id = '${one?.encounter_id}'`,
    )
  await hand(false)
  expect(await auditor.call(levelsApi.redraw, { id: draw.id })).toMatchObject({ isSame: false, recorded: 4, added: [one?.encounter_id] })
  await hand(true)
})

test('a discharge that is taken back afterwards stands in the list as it was, is told, and its call is stopped', async () => {
  house.setNow('2026-09-12T09:00+08:00')
  const two = await goHomeTogether(2, other) // on the sixteenth
  house.setNow('2026-09-23T09:00+08:00')
  await house.tick('followups.draw')
  const at = two.encounterIds.findIndex(() => true)
  const stay = two.stays[at]
  const [frame] = await house.sql<{ draw_id: string }>(
    `select draw_id from followups.draw_frame where encounter_id = $1 and level = 'centre'`,
    [two.encounterIds[at]],
  )

  await stay?.recall()
  await house.settle()

  expect(await auditor.call(levelsApi.redraw, { id: frame?.draw_id ?? '' })).toMatchObject({ isSame: true, goneSince: 1 })
  expect(await stateOf(two.patients[at] ?? '')).toContain('satisfaction30d:dischargeCancelled')
  await stay?.home()
  await house.settle()
  expect((await tasksOf(two.patients[at] ?? '')).filter((t) => t.key === 'satisfaction30d').map((t) => t.status)).toEqual(['todo'])
})

test('whoever downloads the list draws the same with awk, sort and sha256sum, by the lines of docs/sampling.md', async () => {
  const draw = await firstDraw()
  const file = (await auditor.call(levelsApi.exportFrames, { month: '2026-09', format: 'csv', reason: '抽样核对' })) as { body: Buffer } // a file's handler answers so
  const recipe = /```sh\n([\s\S]*?)```/.exec(readFileSync(new URL('../../../../docs/sampling.md', import.meta.url), 'utf8'))?.[1] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'renxin-sampling-'))
  try {
    writeFileSync(join(folder, 'list.csv'), file.body)
    writeFileSync(join(folder, 'again.sh'), recipe)
    const printed = execFileSync('sh', ['again.sh', 'list.csv', draw.id, draw.seed, String(draw.drawn)], { cwd: folder, encoding: 'utf8' })

    const recorded = (await drawn()).filter((d) => d.draw_id === draw.id).map((d) => d.encounter_id)
    expect(printed.trim().split('\n').toSorted()).toEqual(recorded.toSorted())
    expect(recorded).toHaveLength(5)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a programme that is drawn for enrols nobody by itself; whom it had asked before it was drawn for is not drawn', async () => {
  const id = newId()
  const body = {
    name: '每人一次',
    level: 'centre' as const,
    trigger: 'discharged' as const,
    rule: { classes: ['inpatient' as const] },
    steps: [
      {
        name: '电话',
        unit: 'days' as const,
        fromOffset: 1,
        byOffset: 30,
        channel: 'phone' as const,
        assignee: 'centre' as const,
        questionnaireId: null,
      },
    ],
  }
  await centre.call(programmesApi.saveProgramme, { id, version: 0, body })
  house.setNow('2026-10-01T09:00+08:00')
  await centre.call(programmesApi.activate, { id })
  const early = await goHomeTogether(3) // on the fifth, enrolled as they go
  const { settings } = await centre.call(levelsApi.levelSettings, {})
  await centre.call(levelsApi.saveLevelSettings, { settings: { ...settings, samplePercent: 100 }, programmeId: id })
  house.setNow('2026-10-02T09:00+08:00')
  const later = await goHomeTogether(3)
  const enrolled = async () =>
    (await house.sql<{ encounter_id: string }>('select encounter_id from followups.enrolments where programme_id = $1', [id])).map(
      (e) => e.encounter_id,
    )
  expect((await enrolled()).toSorted()).toEqual(early.encounterIds.toSorted())

  house.setNow('2026-10-09T09:00+08:00')
  await house.inside((ctx) => drawDue(ctx))

  expect((await rowsOf('2026-10')).find((r) => r.departmentId === departmentId)).toMatchObject({ discharged: 6, leftOut: 3, drawn: 3 })
  expect((await enrolled()).toSorted()).toEqual([...early.encounterIds, ...later.encounterIds].toSorted())
})

test('of a month that is long over nothing is drawn, and another hospital sees no draw', async () => {
  await expect(centre.call(levelsApi.drawNow, { month: '2026-08' })).rejects.toMatchObject({ code: 'followups.monthNotDrawable' })
  const stranger = await house.stranger('followups.draws')
  expect((await stranger.call(levelsApi.draws, { month: '2026-09' })).rows).toEqual([])
  const draw = await firstDraw()
  await expect(stranger.call(levelsApi.draw, { id: draw.id })).rejects.toMatchObject({ code: 'followups.drawNotFound' })
})
