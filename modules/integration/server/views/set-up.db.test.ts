import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { viewsApi } from '../../views-contract.ts'
import { integration } from '../index.ts'
import { type His, mariaDbHis, noMariaDb, postgresHis } from './his-of-test.ts'
import { mapping, openScene, putSource } from './scene-of-test.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-03-10T10:00+08:00' })

const sources: [string, () => Promise<His>][] = [['PostgreSQL', () => postgresHis()]]
const lacking = noMariaDb()
if (lacking) test('setting up a view a MariaDB', (t) => t.skip(lacking))
else sources.push(['MariaDB in GBK', () => mariaDbHis('gbk')])

const opened: His[] = []
afterAll(() => Promise.all(opened.map((his) => his.close())))

describe.each(sources)('setting up a view on %s', async (system, open) => {
  const opening = await open()
  opened.push(opening)
  const { begin, prefix, his, engineer, settings, save, write, stays, read, state, ask, viewId } = await openScene(house, opening, system)
  beforeEach(begin)

  test('a row that cannot be taken waits with its reason, masked, and is taken when the mapping is put right', async () => {
    await write(1, { 护理: '甲等', 电话: '1380013800' })
    await his.run(`update 住院 set 病案号 = ''`)
    await read()
    const { rows } = await engineer.call(viewsApi.viewRows, { id: viewId() })
    expect(rows).toMatchObject([
      {
        status: 'waiting',
        problems: expect.arrayContaining([
          { field: 'recordNumber', column: '病案号', code: 'noPatientNumber', value: '', stops: true },
          { field: 'nursingLevel', column: '护理级别', code: 'unknownCode', value: '甲等', stops: false },
          { field: 'mobile', column: '联系电话', code: 'badPhone', value: '13******00', stops: false },
        ]),
      },
    ])

    await save({ mapping: { ...mapping, inpatientNumber: { column: '住院号' } }, codes: { nursing: { 甲等: '一级' } } })
    house.advance({ seconds: 1 })
    const told = await engineer.call(viewsApi.reread, { id: viewId() })

    expect(told).toEqual({ settled: 1, unsettled: 0, next: null })
    expect(await stays()).toMatchObject([{ status: 'discharged', nursing_level: '一级' }])
    expect(await state()).toMatchObject({ waiting: 0, noted: 1 })
  })

  test('what is wrong with a source is said in our words, and the others are read all the same', async () => {
    const [other, broken] = [newId(), newId()]
    await write(1)
    const place = {
      kind: his.kind,
      database: his.database,
      username: his.username,
      tls: false,
      charset: 'declared' as const,
      authority: '',
      isActive: true,
    }
    await engineer.call(viewsApi.saveSource, {
      ...place,
      id: other,
      name: `没有的 ${prefix()}`,
      host: '127.0.0.1',
      port: 1,
      password: 'x',
    })
    await engineer.call(viewsApi.saveView, { id: broken, ...settings(), sourceId: other })

    await read()

    const all = (await engineer.call(viewsApi.sources, {})).rows
    expect(all.find((s) => s.id === other)?.views[0]?.failing?.code).toBe('refused')
    expect(await stays()).toHaveLength(1)
    await engineer.call(viewsApi.saveView, { id: broken, ...settings(), sourceId: other, isActive: false })
  })

  test('whoever sets a view up sees its columns with masked rows, what they are probably for, and what the rows would say', async () => {
    await write(1, { 护理: '甲等' })
    await save({ isActive: false })

    const relations = await ask({ what: 'relations' })
    const columns = await ask({ what: 'columns', subject: 'discharges', from: settings().from })
    const dry = await ask({ what: 'dryRun', subject: 'discharges', from: settings().from, mapping, codes: {} })
    const wrong = await ask({ what: 'columns', subject: 'discharges', from: { schema: '', name: '没有的视图' } })

    if (relations?.what !== 'relations' || columns?.what !== 'columns' || dry?.what !== 'dryRun')
      throw new Error(JSON.stringify([relations, columns, dry]))
    expect(relations.relations).toContainEqual({ ...settings().from, isView: true })
    expect(columns.rows).toMatchObject([{ 姓名: '赵*国', 联系电话: '13*******00', 病区: '心内一病区' }])
    expect(columns.mapping).toMatchObject({
      name: { column: '姓名' },
      dischargedAt: { column: '出院日期' },
      visitNumber: { column: '住院号' },
      class: { constant: 'inpatient' },
    })
    expect(columns).toMatchObject({ keys: ['住院号'], update: '更新时间' })
    expect(dry.rows).toMatchObject([{ isTaken: true, problems: [{ field: 'nursingLevel', code: 'unknownCode', value: '甲等' }] }])
    expect(dry.rows[0]?.facts).toContainEqual({ about: 'patient', field: 'name', value: '赵*国' })
    expect(JSON.stringify([columns, dry])).not.toContain('13800138000')
    expect(wrong).toMatchObject({ what: 'failed', code: 'noRelation' })
    expect(await stays()).toEqual([])
  })
})

test('nobody points a source at a socket file of this machine, where no password is asked for, nor takes that of the demo as somebody else', async () => {
  const engineer = house.who('integration.read', 'integration.manage')
  const [own, demo] = [newId(), newId()]
  const place = {
    kind: 'postgres',
    port: 5432,
    database: 'renxin',
    tls: false,
    charset: 'declared',
    authority: '',
    isActive: true,
  } as const
  const source = { ...place, name: '本机', host: '/run/his', username: 'postgres', password: 'x' }
  await putSource(house, { ...source, id: demo, name: '演示', username: 'reader' })

  const point = (said: object) => engineer.call(viewsApi.saveSource, { ...source, id: own, ...said })

  await expect(point({})).rejects.toMatchObject({ code: 'house.closedAddress' })
  await expect(point({ host: ' /run/his' })).rejects.toMatchObject({ code: 'house.closedAddress' })
  await expect(point({ id: demo, name: '演示' })).rejects.toMatchObject({ code: 'house.closedAddress' })
  await point({ id: demo, name: '演示 HIS', username: 'reader' })
  expect((await engineer.call(viewsApi.sources, {})).rows.find((s) => s.id === demo)).toMatchObject({
    name: '演示 HIS',
    username: 'reader',
  })
})
