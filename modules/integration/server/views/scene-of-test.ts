import { newId } from '@renxin/kernel'
import type { openHouse } from '@renxin/server/testing'
import type { ColumnMapping } from '../../columns-contract.ts'
import { type Answer, type Question, type View, viewsApi } from '../../views-contract.ts'
import type { His } from './his-of-test.ts'
import { readDueViews } from './poller.ts'
import { saveSource as putIn } from './service.ts'

type House = Awaited<ReturnType<typeof openHouse>>
/** As the program sets up a source: that of a test is reached by its socket file, where no person may point. */
export const putSource = (house: House, source: Parameters<typeof putIn>[1]) => house.inside((ctx) => putIn(ctx, source))

export const mapping: ColumnMapping = {
  visitNumber: { column: '住院号' },
  recordNumber: { column: '病案号' },
  name: { column: '姓名' },
  sex: { column: '性别' },
  birthOn: { column: '出生日期' },
  mobile: { column: '联系电话' },
  admittedAt: { column: '入院日期' },
  dischargedAt: { column: '出院日期' },
  wardName: { column: '病区' },
  bed: { column: '床号' },
  nursingLevel: { column: '护理级别' },
  deleted: { column: '作废标志' },
  updatedAt: { column: '更新时间' },
  class: { constant: 'inpatient' },
}

/** `住院` is the table, `出院视图` the view that we may read. */
const schema = `
  create table 住院 (住院号 char(12) primary key, 病案号 varchar(20), 姓名 varchar(40), 性别 char(2), 出生日期 date, 联系电话 varchar(30),
    入院日期 timestamp null, 出院日期 timestamp null, 病区 varchar(40), 床号 char(6), 护理级别 varchar(20), 作废标志 char(1) default '0', 更新时间 timestamp null)`
export const view = 'create view 出院视图 as select * from 住院'

export type Stay = {
  姓名?: string
  出院?: string | null
  病区?: string
  床号?: string
  护理?: string | null
  作废?: string
  更新?: string | null
  电话?: string
  入院?: string
}

type Health = Pick<
  View,
  | 'lastRunAt'
  | 'lastOkAt'
  | 'mark'
  | 'isReading'
  | 'readRows'
  | 'rows'
  | 'waiting'
  | 'noted'
  | 'failing'
  | 'missingColumns'
  | 'rowsWithoutKey'
  | 'hasFutureRows'
>

/** A hospital that reads the discharges of a HIS, and hands to write what stands there. `begin` gives each test a source and a view of its own. */
export async function openScene(house: Awaited<ReturnType<typeof openHouse>>, his: His, system: string) {
  const engineer = house.who('integration.read', 'integration.manage')
  const isMySql = his.kind === 'mysql'
  await his.run(schema.replaceAll('timestamp', isMySql ? 'datetime(6)' : 'timestamp'))
  await his.run(view)

  let n = 0
  let sourceId = ''
  let viewId = ''
  const prefix = () => `${isMySql ? 'M' : 'P'}${n}-`
  const settings = (): Omit<View, 'id' | keyof Health> => ({
    sourceId,
    subject: 'discharges',
    from: { schema: isMySql ? 'his' : 'public', name: '出院视图' },
    keys: ['住院号'],
    update: '更新时间',
    mapping,
    codes: {},
    everySeconds: 60,
    startOn: null,
    isActive: true,
  })
  const save = (changes: Partial<ReturnType<typeof settings>> = {}) =>
    engineer.call(viewsApi.saveView, { id: viewId, ...settings(), ...changes })
  const saveSource = (changes: object = {}) =>
    putSource(house, {
      id: sourceId,
      name: `${system} ${n}`,
      ...{ kind: his.kind, host: his.host, port: his.port, database: his.database, username: his.username, password: his.password },
      ...{ tls: false, charset: 'declared', authority: '', isActive: true },
      ...changes,
    })

  const begin = async () => {
    if (sourceId) await saveSource({ isActive: false })
    n += 1
    house.setNow('2026-03-10T10:00+08:00')
    await his.run(`delete from 住院`)
    sourceId = newId()
    viewId = newId()
    await saveSource()
    await save()
  }

  const text = (value: string | null) => (value === null ? 'null' : `'${value}'`)
  const write = (no: number, stay: Stay = {}) => {
    const { 姓名 = '赵建国', 出院 = '2026-03-09 10:00:00', 病区 = '心内一病区', 床号 = '12', 护理 = '二级护理' } = stay
    const { 作废 = '0', 更新 = '2026-03-09 10:05:00', 电话 = '13800138000', 入院 = '2026-03-01 09:30:00' } = stay
    const id = `${prefix()}${no}`
    return his
      .run(`delete from 住院 where 住院号 = '${id}'`)
      .then(() =>
        his.run(
          `insert into 住院 values ('${id}', 'B${id}', '${姓名}', '1', '1958-03-04', '${电话}', '${入院}', ${text(出院)}, '${病区}', '${床号}', ${text(护理)}, '${作废}', ${text(更新)})`,
        ),
      )
  }
  const stays = () =>
    house.sql<{ number: string; status: string; ward: string; bed: string; nursing_level: string }>(
      `select e.number, e.status, u.name as ward, e.bed, e.nursing_level from encounters.cards e left join staff.unit_cards u on u.id = e.ward_id
       where e.number like $1 order by length(e.number), e.number`,
      [`${prefix()}%`],
    )
  const read = async (options = {}) => {
    house.advance({ minutes: 2 })
    await readDueViews(house.house, options)
  }
  const state = async (): Promise<View> => {
    const found = (await engineer.call(viewsApi.sources, {})).rows.find((s) => s.id === sourceId)?.views[0]
    if (!found) throw new Error('the view is not there')
    return found
  }
  const ask = async (question: Question): Promise<Answer | null> => {
    const { id } = await engineer.call(viewsApi.ask, { id: newId(), sourceId, question })
    await readDueViews(house.house)
    return (await engineer.call(viewsApi.answer, { id })).answer
  }
  return {
    his,
    engineer,
    begin,
    prefix,
    settings,
    save,
    write,
    stays,
    read,
    state,
    ask,
    viewId: () => viewId,
  }
}
