import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { encodeText } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, expect, test } from 'vitest'
import { viewsApi } from '../../views-contract.ts'
import { integration } from '../index.ts'
import { type His, mariaDbHis, noMariaDb, postgresHis } from './his-of-test.ts'
import { readDueViews } from './poller.ts'
import { putSource } from './scene-of-test.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-03-10T10:00+08:00' })
const [ascii, laboratory] = [await postgresHis('SQL_ASCII'), await postgresHis()]
afterAll(() => Promise.all([ascii.close(), laboratory.close()]))
const engineer = house.who('integration.read', 'integration.manage')

async function connect(his: His, charset: 'declared' | 'gb18030', view: object) {
  const [sourceId, id] = [newId(), newId()]
  const { kind, host, port, database, username, password } = his
  await putSource(house, {
    ...{
      id: sourceId,
      name: `${kind} ${sourceId}`,
      kind,
      host,
      port,
      database,
      username,
      password,
      charset,
      tls: false,
      authority: '',
      isActive: true,
    },
  })
  const usual = { codes: {}, everySeconds: 60, startOn: null, isActive: true }
  await engineer.call(viewsApi.saveView, { id, sourceId, ...usual, ...view } as Parameters<
    typeof engineer.call<typeof viewsApi.saveView>
  >[1]) // the rest stands in `view`
  return id
}
const nameOf = async (record: string) =>
  (await house.sql('select name from patients.patients where medical_record_number = $1', [record])).map((r) => r.name)
const patientsView = {
  subject: 'patients',
  keys: ['bah'],
  update: null,
  mapping: { recordNumber: { column: 'bah' }, name: { column: 'xm' }, address: { column: 'zz' } },
}
/** 葉 and 東 have a second byte that is `|` or `^` in GBK. */
const hex = (text: string) => encodeText(text, 'gb18030').toString('hex')

test('GBK that was put into a database without a charset is read as GBK', async () => {
  await ascii.run(`create table v (bah varchar(20), xm varchar(40), zz text)`)
  await ascii.run(
    `insert into v values ('A1', convert_from('\\x${hex('葉東誠')}', 'SQL_ASCII'), convert_from('\\x${hex('无锡市梁溪区')}', 'SQL_ASCII'))`,
  )
  await connect(ascii, 'gb18030', { ...patientsView, from: { schema: 'public', name: 'v' } })

  await readDueViews(house.house)

  expect(await nameOf('A1')).toEqual(['葉東誠'])
})

const lacking = noMariaDb()
if (lacking) test('a MariaDB with GBK in columns of latin1 is read as GBK', (t) => t.skip(lacking))
else
  test('a MariaDB with GBK in columns of latin1 is read as GBK', async () => {
    const his = await mariaDbHis('latin1')
    await his.run(`create table v (bah varchar(20), xm varchar(40), zz text)`)
    await his.run(`insert into v values ('M1', x'${hex('葉東誠')}', x'${hex('无锡市')}')`)
    await connect(his, 'gb18030', { ...patientsView, from: { schema: 'his', name: 'v' } })

    await readDueViews(house.house)
    await his.close()

    expect(await nameOf('M1')).toEqual(['葉東誠'])
  })

test('a view without an update time is read whole each time, with a question of one’s own; the lines of a report stay whole where one changes', async () => {
  await laboratory.run(`create table jy (bgdh int, xh int, bah text, xmmc text, jg text, gxsj timestamp)`)
  const line = (report: number, at: number, name: string, value: string, time: string) =>
    laboratory.run(`insert into jy values (${report}, ${at}, 'L1', '${name}', '${value}', '2026-03-09 ${time}')`)
  for (const report of [1, 2]) {
    await line(report, 1, '钾', '4.1', '08:00')
    await line(report, 2, '钠', '141', '08:00')
    await line(report, 3, '氯', '101', '08:00')
  }
  const column = (name: string) => ({ column: name })
  await connect(laboratory, 'declared', {
    subject: 'reports',
    from: { select: 'select * from jy where bgdh > 0' },
    keys: ['bgdh', 'xh'],
    update: 'gxsj',
    mapping: {
      reportNumber: column('bgdh'),
      recordNumber: column('bah'),
      itemName: column('xmmc'),
      itemValue: column('jg'),
      updatedAt: column('gxsj'),
    },
  })
  const items = () =>
    house.sql(
      `select r.number, string_agg(i.name || i.value, ' ' order by i.position) as items
       from encounters.report_cards r join encounters.report_item_cards i on i.report_id = r.id group by 1 order by 1`,
    )

  await readDueViews(house.house, { pageRows: 2 })
  const first = await items()
  await laboratory.run(`update jy set jg = '6.8', gxsj = '2026-03-09 12:00' where bgdh = 2 and xh = 1`)
  house.advance({ minutes: 2 })
  await readDueViews(house.house, { pageRows: 2 })

  expect(first).toEqual([
    { number: '1', items: '钾4.1 钠141 氯101' },
    { number: '2', items: '钾4.1 钠141 氯101' },
  ])
  expect(await items()).toEqual([first[0], { number: '2', items: '钾6.8 钠141 氯101' }])
})
