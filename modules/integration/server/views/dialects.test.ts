import { describe, expect, test } from 'vitest'
import type { SourceKind } from '../../views-contract.ts'
import { type Cursor, pageOf, pageSince, type Reading, rowsWith, withoutKey } from './dialects.ts'
import { connectText, columnOf as oracleColumn } from './drivers/oracle.ts'
import { columnOf as sqlServerColumn } from './drivers/sqlserver.ts'
import { failureOf } from './failure.ts'
import { earlier, writtenLike } from './marks.ts'

const reading = (kind: SourceKind, native: string): Reading => ({
  kind,
  from: { schema: 'HIS', name: 'V_CYBR' },
  columns: [
    { name: 'ZYH', type: 'text', native: '' },
    { name: 'XM', type: 'text', native: '' },
    { name: 'CYRQ', type: 'time', native },
    { name: 'GXSJ', type: 'time', native },
  ],
  wanted: ['ZYH', 'XM', 'CYRQ'],
  keys: ['ZYH'],
  update: 'GXSJ',
  asBytes: false,
})
const after: Cursor = { mark: '2026-03-09 10:00:00', keys: ['Z9'] }
const next = (r: Reading, asBytes = false) => pageOf({ ...r, asBytes }, { since: '2026-03-09 08:00:00', after, limit: 500 })

// SQL Server and Oracle are not run by these tests: what is asked of them stands here, word for word, for whoever knows them to read.
describe('a page from a place on, in the words of', () => {
  test('PostgreSQL', () => {
    expect(next(reading('postgres', 'timestamp')).text).toBe(
      'select t."ZYH" as "ZYH", t."XM" as "XM", t."CYRQ"::text as "CYRQ", t."GXSJ"::text as "renxin_u", t."ZYH" as "renxin_k0" from "HIS"."V_CYBR" t ' +
        'where t."ZYH" is not null and t."GXSJ" is not null and t."GXSJ" >= $1::timestamp ' +
        'and ((t."GXSJ" > $2::timestamp) or (t."GXSJ" = $3::timestamp and t."ZYH" > $4)) order by t."GXSJ", t."ZYH" limit 500',
    )
    expect(next(reading('postgres', 'timestamp')).params).toEqual([after.mark, after.mark, after.mark, 'Z9'])
  })

  test('MySQL', () => {
    expect(next(reading('mysql', '')).text).toBe(
      'select t.`ZYH` as `ZYH`, t.`XM` as `XM`, cast(t.`CYRQ` as char) as `CYRQ`, cast(t.`GXSJ` as char) as `renxin_u`, t.`ZYH` as `renxin_k0` from `HIS`.`V_CYBR` t ' +
        'where t.`ZYH` is not null and t.`GXSJ` is not null and t.`GXSJ` >= cast(? as datetime(6)) ' +
        'and ((t.`GXSJ` > cast(? as datetime(6))) or (t.`GXSJ` = cast(? as datetime(6)) and t.`ZYH` > ?)) order by t.`GXSJ`, t.`ZYH` limit 500',
    )
  })

  test('SQL Server, the parameter in the column’s own type', () => {
    expect(next(reading('sqlserver', 'datetime')).text).toBe(
      'select top (500) t.[ZYH] as [ZYH], t.[XM] as [XM], convert(varchar(33), t.[CYRQ], 121) as [CYRQ], convert(varchar(33), t.[GXSJ], 121) as [renxin_u], ' +
        't.[ZYH] as [renxin_k0] from [HIS].[V_CYBR] t where t.[ZYH] is not null and t.[GXSJ] is not null and t.[GXSJ] >= convert(datetime, @p1, 121) ' +
        'and ((t.[GXSJ] > convert(datetime, @p2, 121)) or (t.[GXSJ] = convert(datetime, @p3, 121) and t.[ZYH] > @p4)) order by t.[GXSJ], t.[ZYH]',
    )
  })

  test('Oracle, a DATE as a date so that its index serves', () => {
    const format = `'YYYY-MM-DD HH24:MI:SS'`
    expect(next(reading('oracle', 'DATE')).text).toBe(
      `select * from (select t."ZYH" as "ZYH", t."XM" as "XM", to_char(t."CYRQ", ${format}) as "CYRQ", to_char(t."GXSJ", ${format}) as "renxin_u", ` +
        `t."ZYH" as "renxin_k0" from "HIS"."V_CYBR" t where t."ZYH" is not null and t."GXSJ" is not null and t."GXSJ" >= to_date(:1, ${format}) ` +
        `and ((t."GXSJ" > to_date(:2, ${format})) or (t."GXSJ" = to_date(:3, ${format}) and t."ZYH" > :4)) order by t."GXSJ", t."ZYH") where rownum <= 500`,
    )
    expect(next(reading('oracle', 'TIMESTAMP')).text).toContain(`to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF6')`)
  })
})

test('text whose bytes are not what the database says is fetched as bytes, keys and times are not', () => {
  const shown = (kind: SourceKind) => next(reading(kind, 'DATE'), true).text

  expect(shown('postgres')).toContain(
    `encode(convert_to(t."XM"::text, getdatabaseencoding()::name), 'hex') as "XM", t."CYRQ"::text as "CYRQ"`,
  )
  expect(shown('mysql')).toContain('hex(cast(t.`XM` as binary)) as `XM`')
  expect(shown('sqlserver')).toContain('convert(varchar(max), cast(t.[XM] as varbinary(max)), 2) as [XM]')
  expect(shown('oracle')).toContain('rawtohex(utl_raw.cast_to_raw(t."XM")) as "XM"')
  expect(shown('oracle')).toContain('t."ZYH" as "renxin_k0"')
})

test('several keys are gone through in their order, and a question of one’s own stands in brackets', () => {
  const lines: Reading = {
    ...reading('postgres', 'timestamp'),
    from: { select: 'select * from lis;' },
    keys: ['BGDH', 'XMDM'],
    update: null,
    wanted: ['BGDH'],
  }

  const { text, params } = pageOf(lines, { since: null, after: { mark: null, keys: ['L1', 'K'] }, limit: 2 })

  expect(text).toContain('from (select * from lis) t where')
  expect(text).toContain('and ((t."BGDH" > $1) or (t."BGDH" = $2 and t."XMDM" > $3)) order by t."BGDH", t."XMDM" limit 2')
  expect(params).toEqual(['L1', 'L1', 'K'])
})

test('at night the discharges of a month and the rows without an update time are asked for, by key', () => {
  const { text } = pageSince(reading('postgres', 'timestamp'), {
    recent: { column: 'CYRQ', since: '2026-02-08 00:00:00' },
    after: ['Z9'],
    limit: 500,
  })

  expect(text).toContain(
    'where t."ZYH" is not null and (t."CYRQ" >= $1::timestamp or t."GXSJ" is null) and ((t."ZYH" > $2)) order by t."ZYH" limit 500',
  )
  expect(withoutKey(reading('oracle', 'DATE')).text).toBe('select count(*) as renxin_n from "HIS"."V_CYBR" t where t."ZYH" is null')
  expect(rowsWith(reading('mysql', ''), 'ZYH', ['a', 'b'], 9).text).toContain('where t.`ZYH` in (?, ?) order by t.`ZYH`, t.`ZYH` limit 9')
})

test('a name with a quote in it stays a name', () => {
  const odd = (kind: SourceKind) =>
    pageOf({ ...reading(kind, 'DATE'), from: { schema: '', name: 'a"b`c]d' } }, { since: null, after: null, limit: 1 }).text

  expect(odd('postgres')).toContain('from "a""b`c]d" t')
  expect(odd('mysql')).toContain('from `a"b``c]d` t')
  expect(odd('sqlserver')).toContain('from [a"b`c]]d] t')
  expect(odd('oracle')).toContain('from "ab`c]d" t') // Oracle has no quote inside a name
})

test('an earlier time is written as the other side writes its times; a counter is left alone', () => {
  const back = (mark: string) => earlier(mark, 120, 'Asia/Shanghai')

  expect(back('2026-03-09 01:30:15.123456')).toBe('2026-03-08 23:30:15')
  expect(back('20260309013015')).toBe('20260308233015')
  expect(back('2026/03/09 01:30')).toBe('2026/03/08 23:30')
  expect(back('2026-03-09')).toBe('2026-03-08')
  expect(back('20260309')).toBe('20260308')
  expect(back('4711')).toBe('4711')
  expect(writtenLike('20260309', new Date('2026-02-08T12:00:00Z'), 'UTC')).toBe('20260208')
})

test('the types of SQL Server and Oracle are known, also where only a length tells them', () => {
  const sqlServer = (name: string, more: object = {}) => sqlServerColumn({ colName: 'c', type: { name }, ...more })

  expect(sqlServer('DateTimeN', { dataLength: 8 })).toMatchObject({ type: 'time', native: 'datetime' })
  expect(sqlServer('DateTimeN', { dataLength: 4 })).toMatchObject({ type: 'time', native: 'smalldatetime' })
  expect(sqlServer('DateTime2', { scale: 3 })).toMatchObject({ type: 'time', native: 'datetime2(3)' })
  expect(sqlServer('NVarChar')).toMatchObject({ type: 'text' })
  expect(sqlServer('IntN')).toMatchObject({ type: 'number' })
  expect(oracleColumn({ name: 'C', dbTypeName: 'TIMESTAMP WITH TIME ZONE' })).toMatchObject({ type: 'time' })
  expect(oracleColumn({ name: 'C', dbTypeName: 'VARCHAR2' })).toMatchObject({ type: 'text' })
  expect(connectText({ host: '10.0.0.8', port: 1521, database: 'sid:ORCL', tls: false }, 8000)).toContain(
    '(HOST=10.0.0.8)(PORT=1521))(CONNECT_DATA=(SID=ORCL))',
  )
  expect(connectText({ host: 'h)(x=', port: 1521, database: 'orcl', tls: false }, 8000)).toContain('(HOST=hx)')
})

test('what the drivers throw is one of our words', () => {
  const thrown = (code: string | number, message = '', key = 'code') => failureOf(Object.assign(new Error(message), { [key]: code })).code

  expect(thrown('ECONNREFUSED')).toBe('refused')
  expect(thrown('28P01')).toBe('badLogin')
  expect(thrown('ER_ACCESS_DENIED_ERROR')).toBe('badLogin')
  expect(thrown(208, 'Invalid object name', 'number')).toBe('noRelation')
  expect(thrown('ORA-00942')).toBe('noRelation')
  expect(failureOf(new Error('NJS-138: connections to this database server version are not supported')).code).toBe('unsupported')
  expect(failureOf(new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })])).code).toBe('refused')
  expect(failureOf('rubbish').code).toBe('other')
})
