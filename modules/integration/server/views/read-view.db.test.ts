import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { viewsApi } from '../../views-contract.ts'
import { integration } from '../index.ts'
import { type His, mariaDbHis, noMariaDb, postgresHis } from './his-of-test.ts'
import { openScene, view } from './scene-of-test.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-03-10T10:00+08:00' })

/** How often something was said of each of these visits. */
const told = async (prefix: string) => {
  const rows = await house.sql<{ n: number }>(
    `select count(*)::int as n from encounters.encounters e join encounters.facts f on f.encounter_id = e.id where e.number like $1 group by e.id`,
    [`${prefix}%`],
  )
  return rows.map((r) => r.n)
}

const sources: [string, () => Promise<His>][] = [['PostgreSQL', () => postgresHis()]]
const lacking = noMariaDb()
if (lacking) test('reading a view a MariaDB', (t) => t.skip(lacking))
else sources.push(['MariaDB in GBK', () => mariaDbHis('gbk')])

const opened: His[] = []
afterAll(() => Promise.all(opened.map((his) => his.close())))

describe.each(sources)('reading a view on %s', async (system, open) => {
  const opening = await open()
  opened.push(opening)
  const { begin, his, engineer, prefix, write, stays, read, state, viewId } = await openScene(house, opening, system)
  beforeEach(begin)

  test('the first reading takes all there is, page by page, and reading again tells nothing twice', async () => {
    for (let no = 1; no <= 23; no += 1) await write(no, { 更新: `2026-03-0${1 + (no % 5)} 10:05:00`, 姓名: `赵${'甲乙丙丁'[no % 4]}葉` })

    await read({ pageRows: 5 })
    const first = await stays()
    await read({ pageRows: 5 })

    expect(first).toHaveLength(23)
    expect(first[0]).toMatchObject({
      number: `${prefix()}1`,
      status: 'discharged',
      ward: '心内一病区',
      bed: '12',
      nursing_level: '二级',
    })
    expect(await stays()).toEqual(first)
    expect(new Set(await told(prefix()))).toEqual(new Set([1]))
    expect(await state()).toMatchObject({ rows: 23, waiting: 0, failing: null, isReading: false })
    expect((await state()).mark).toMatch(/^2026-03-05 10:05:00/)
    const named = await house.sql(
      'select p.name from patients.patients p join encounters.encounters e on e.patient_id = p.id where e.number = $1',
      [`${prefix()}3`],
    )
    expect(named).toEqual([{ name: '赵丁葉' }])
  })

  test('a row that is committed late, behind the mark and within two hours, is read; the mark never runs ahead of what was seen', async () => {
    await write(1, { 更新: '2026-03-09 12:00:00' })
    await read()
    expect((await state()).mark).toMatch(/^2026-03-09 12:00:00/)

    await write(2, { 更新: '2026-03-09 10:30:00' })
    await read()

    expect((await stays()).map((s) => s.number)).toEqual([`${prefix()}1`, `${prefix()}2`])
    expect((await state()).mark).toMatch(/^2026-03-09 12:00:00/)
  })

  test('a HIS whose clock is a day behind loses nothing', async () => {
    house.setNow('2026-03-11T10:00+08:00')
    await write(1, { 更新: '2026-03-10 09:00:00' })
    await read()

    await write(2, { 更新: '2026-03-10 09:01:00' })
    await read()

    expect(await stays()).toHaveLength(2)
  })

  test('a row that changes twice between two readings is told as it is now; a change that says nothing to us is not told', async () => {
    await write(1, { 出院: null, 更新: '2026-03-09 09:00:00' })
    await read()
    await write(1, { 出院: null, 病区: '心内二病区', 床号: '3', 更新: '2026-03-09 09:30:00' })
    await write(1, { 出院: '2026-03-09 10:00:00', 病区: '心内三病区', 床号: '5', 更新: '2026-03-09 10:05:00' })

    await read()
    const now = await stays()
    await his.run(`update 住院 set 更新时间 = 更新时间`)
    await read()

    expect(now).toMatchObject([{ status: 'discharged', ward: '心内三病区' }])
    expect(await told(prefix())).toEqual([2])
    expect(await stays()).toEqual(now)
  })

  test('a discharge that is recalled, a deletion, and a level that ends are told', async () => {
    for (const no of [1, 2, 3]) await write(no, no === 3 ? { 出院: null, 护理: '一级护理' } : {})
    await read()

    await write(1, { 出院: null, 更新: '2026-03-09 11:00:00' })
    await write(2, { 作废: '1', 更新: '2026-03-09 11:00:00' })
    await write(3, { 出院: '9999-12-31 00:00:00', 护理: null, 更新: '2026-03-09 11:00:00' })
    await read()

    expect(await stays()).toMatchObject([{ status: 'inProgress' }, { status: 'cancelled' }, { status: 'inProgress', nursing_level: null }])
  })

  test('killed in the middle of a page, the reading goes on where it was: nothing is lost and nothing told twice', async () => {
    for (let no = 1; no <= 20; no += 1) await write(no, { 更新: `2026-03-09 10:${String(no).padStart(2, '0')}:00` })
    await house.ownerSql(`
      create function integration.kill_page() returns trigger language plpgsql as $$
      begin if new.key like '%-13"]' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
      create trigger kill_page after insert on integration.view_rows for each row execute function integration.kill_page()`)

    await read({ pageRows: 5 })
    const broken = await state()
    const kept = await stays()
    await house.ownerSql('drop function integration.kill_page() cascade')
    await write(21, { 更新: '2026-03-09 10:01:30' }) // committed late, behind the place where the reading goes on
    house.advance({ hours: 1 })
    await read({ pageRows: 5 })
    house.advance({ hours: 1 })
    await read({ pageRows: 5 })

    expect(kept).toHaveLength(10)
    expect(broken.isReading).toBe(true)
    expect(broken.failing?.code).toBe('other')
    expect(await told(prefix())).toEqual(Array.from({ length: 21 }, () => 1))
    expect(await state()).toMatchObject({ failing: null, isReading: false, rows: 21 })
  })

  test('a view that is dropped says so and waits longer each time; when it is back the reading goes on', async () => {
    await write(1)
    await read()
    await his.run('drop view 出院视图')

    await read()
    const once = (await state()).failing
    house.advance({ minutes: 5 })
    await read()
    const twice = (await state()).failing
    await write(2)
    await his.run(view)
    house.advance({ minutes: 10 })
    await read()

    expect(once).toMatchObject({ code: 'noRelation' })
    expect(twice?.since).toBe(once?.since)
    expect(Date.parse(twice?.nextAt ?? '') - house.now().getTime()).toBeLessThan(0)
    expect(await state()).toMatchObject({ failing: null, rows: 2 })
    expect(await stays()).toHaveLength(2)
  })

  test('a column that the view has no more is told and the rest is read on; without its key the view cannot be read', async () => {
    await his.run('drop view 出院视图')
    await his.run(
      'create view 出院视图 as select 住院号, 病案号, 姓名, 性别, 出生日期, 联系电话, 入院日期, 出院日期, 病区, 床号, 作废标志, 更新时间 from 住院',
    )
    await write(1)
    await read()
    const without = await state()
    await his.run('drop view 出院视图')
    await his.run('create view 出院视图 as select 病案号, 姓名 from 住院')
    await read()
    const lost = await state()
    await his.run('drop view 出院视图')
    await his.run(view)

    expect(without).toMatchObject({ missingColumns: ['护理级别'], failing: null, rows: 1 })
    expect(await stays()).toMatchObject([{ status: 'discharged' }])
    expect(lost.failing).toMatchObject({ code: 'noColumn', detail: '住院号, 更新时间' })
  })

  test('once a night the discharges of a month are read anew, whatever their update time says, and counted by ward beside ours', async () => {
    for (const no of [1, 2, 3]) await write(no, { 病区: no === 3 ? '呼吸病区' : '心内一病区', 更新: '2026-03-09 04:00:00' })
    await write(5, { 更新: '2026-03-09 10:06:00' })
    await read()
    await his.run(`update 住院 set 床号 = '99' where 住院号 = '${prefix()}1'`) // its update time stays behind
    await his.run(`update 住院 set 病案号 = null, 更新时间 = '2026-03-09 10:07:00' where 住院号 = '${prefix()}5'`)
    await write(4, { 更新: null })

    house.setNow('2026-03-11T01:00+08:00')
    await read()
    const early = await stays()
    house.setNow('2026-03-11T02:30+08:00')
    await read()

    expect(early.map((s) => s.bed)).toEqual(['12', '12', '12', '12'])
    expect((await stays()).map((s) => s.bed)).toEqual(['99', '12', '12', '12', '12'])
    const counts = (await engineer.call(viewsApi.viewCounts, { viewId: viewId() })).rows.filter((c) => c.theirs > 0)
    expect(counts.map(({ day, wardName, theirs }) => ({ day, wardName, theirs }))).toEqual([
      { day: '2026-03-09', wardName: '呼吸病区', theirs: 1 },
      { day: '2026-03-09', wardName: '心内一病区', theirs: 4 },
    ])
  })

  test('one whose update time lies in the year 2099 does not hide what comes after it', async () => {
    await write(1, { 更新: '2099-01-01 00:00:00' })
    await write(2, { 更新: '2026-03-09 10:00:00' })
    await read()
    await write(3, { 更新: '2026-03-09 11:00:00' })
    await read()

    expect(await stays()).toHaveLength(3)
    expect(await state()).toMatchObject({ hasFutureRows: true })
    expect((await state()).mark).toMatch(/^2026-03-09 11/)
  })
})
