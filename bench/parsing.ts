import { Hl7Message } from '@medplum/core'
import { parseMessage } from '@renxin/hl7'
import { paired } from './pairs.ts'
import { type Row, rowOf } from './result.ts'

const COUNT = 5000

const messageOf = (i: number) =>
  [
    `MSH|^~\\&|HIS|RENXIN|CRM|RENXIN|20261122${String(100_000 + (i % 800_000))}||ADT^A03^ADT_A03|MSG${i}|P|2.5.1|||AL|NE||UNICODE UTF-8`,
    `EVN|A03|20261122101500|||OP${i % 50}^Zhang^San`,
    `PID|1||M${i}^^^RENXIN^MR~3201051970${String(i % 10_000).padStart(4, '0')}^^^CN^NI||王^小明${i}^^^^^L||19700101|M|||人民路${i}号^^南京^江苏^210000^CN||^PRN^PH^^86^138${String(i).padStart(8, '0')}~^WPN^PH^^86^025${i}||zh|M`,
    `NK1|1|王^大明|FTH|人民路${i}号^^南京|^PRN^PH^^86^139${String(i).padStart(8, '0')}`,
    `PV1|1|I|W${i % 60}^R${i % 20}^B${i % 40}^RENXIN||||D${i % 400}^Li^Si|||MED||||1|||D${i % 400}^Li^Si|IN|V${i}|||||||||||||||||01|||RENXIN||D|||20261110080000|20261122101500`,
    'DG1|1||I10^高血压^ICD10|原发性高血压|20261110|F',
    'DG1|2||E11.9^2型糖尿病^ICD10|2型糖尿病|20261110|F',
    'PR1|1||38.93^静脉置管^ICD9CM||20261112',
  ].join('\r')

type Reader = (text: string) => (string | undefined)[]

/** All three give the same five values out of a message: record number, name, place, visit number, type. */
const ours: Reader = (text) => {
  const message = parseMessage(text)
  return ['PID-3.1', 'PID-5.1', 'PV1-3.1', 'PV1-19', 'MSH-9.1'].map((path) => message?.get(path))
}
const medplum: Reader = (text) => {
  const message = Hl7Message.parse(text)
  const component = (segment: string, field: number) => message.getSegment(segment)?.getField(field)?.getComponent(1)
  return [component('PID', 3), component('PID', 5), component('PV1', 3), component('PV1', 19), component('MSH', 9)]
}
const split: Reader = (text) => {
  const segments = new Map(text.split('\r').map((line) => [line.slice(0, 3), line.split('|')]))
  const first = (segment: string, field: number) => segments.get(segment)?.[field]?.split('~')[0]?.split('^')[0]
  return [first('PID', 3), first('PID', 5), first('PV1', 3), first('PV1', 19), first('MSH', 8)]
}

/** How many messages a second are read, beside a known parser and beside the least that can be done. */
export async function parsingRows({ log }: { log: (line: string) => void }): Promise<Row[]> {
  const messages = Array.from({ length: COUNT }, (_, i) => messageOf(i))
  const sample = messageOf(7)
  if (String(ours(sample)) !== String(split(sample)) || String(medplum(sample)) !== String(split(sample)))
    throw new Error(`the parsers disagree: ${ours(sample)} · ${medplum(sample)} · ${split(sample)}`)
  const rate = (reader: Reader) => async () => {
    const began = performance.now()
    let length = 0
    for (const message of messages) length += reader(message).length
    return length / 5 / ((performance.now() - began) / 1000)
  }
  for (const reader of [ours, medplum, split]) await rate(reader)() // once each, so that all of them are compiled
  const what = 'a discharge of 8 segments read, five values taken'
  const besideMedplum = await paired(rate(ours), rate(medplum))
  const besideSplit = await paired(rate(ours), rate(split))
  log(`parse: ${besideMedplum.ours.map(Math.round)} messages a second`)
  return [
    rowOf(besideMedplum, { name: 'parse-medplum', what, unit: 'msg/s', beside: '@medplum/core', goal: '≥ 2', isMet: (r) => r >= 2 }),
    rowOf(besideSplit, { name: 'parse-split', what, unit: 'msg/s', beside: 'plain split', goal: '≥ 0.25', isMet: (r) => r >= 0.25 }),
    ...(await linearRows()),
  ]
}

/** Long messages of the shapes that trip up readers: each byte of a megabyte may cost half as much again as one of ten kilobytes. */
const shapes: Readonly<Record<string, (bytes: number) => string>> = {
  segments: (bytes) => `OBX|1|NM|WBC^白细胞||15.2|10^9/L|3.5-9.5|H|||F\r`.repeat(bytes / 48),
  repetitions: (bytes) => `PID|1||${'M1^^^HIS^MR~'.repeat(bytes / 12)}M2^^^HIS^MR\r`,
  escapes: (bytes) => `OBX|1|TX|||${'\\F\\\\.br\\\\X0D\\'.repeat(bytes / 14)}\r`,
  'open escapes': (bytes) => `OBX|1|TX|||${'\\'.repeat(bytes)}\r`,
  'one word': (bytes) => `OBX|1|TX|||${'字'.repeat(bytes / 3)}\r`,
  'line ends': (bytes) => `OBX|1|TX|||${'x\n'.repeat(bytes / 2)}\r`,
}

async function linearRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [shape, body] of Object.entries(shapes)) {
    const perByte = (bytes: number, times: number) => async () => {
      const text = `${messageOf(1).split('\r')[0]}\r${body(bytes)}`
      const began = performance.now()
      for (let i = 0; i < times; i += 1) {
        const message = parseMessage(text)
        for (const path of ['OBX-5', 'PID-3.1 where CX.5=XX', 'PID-3.1', 'MSH-9.1']) message?.get(path)
      }
      return ((performance.now() - began) * 1e6) / (times * Buffer.byteLength(text))
    }
    await perByte(10_000, 100)()
    const pair = await paired(perByte(1_000_000, 3), perByte(10_000, 300))
    rows.push(
      rowOf(pair, {
        name: `parse-linear-${shape.replace(' ', '-')}`,
        what: `a message of 1 MB, ${shape}`,
        unit: 'ns/byte',
        beside: 'the same of 10 kB',
        goal: '≤ 1.5',
        isMet: (ratio) => ratio <= 1.5,
      }),
    )
  }
  return rows
}
