import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  decode,
  type Message,
  numberOf,
  parse,
  readAddress,
  readAll,
  readCoded,
  readFirst,
  readIdentifier,
  readLocation,
  readName,
  readPhone,
  readStaff,
  readTime,
  type Segment,
  splitFrames,
} from './index.ts'

/** The folder of sample messages, with `hl7/expected.json` beside them: what a reader should find in each. It is not part of this repository. */
const folder = process.env.RENXIN_SAMPLES && join(process.env.RENXIN_SAMPLES, 'hl7')
const isThere = folder !== undefined && existsSync(join(folder, 'expected.json'))
const expected: Record<string, Expected> = isThere ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) : {}
const files = isThere ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(hl7|bin)$/.test(f)) : []

if (!isThere) {
  test('every sample message is read as expected', (t) => t.skip('RENXIN_SAMPLES names no folder with hl7/expected.json'))
} else {
  test('every sample file has its expectation', () => {
    expect(files.toSorted()).toEqual(Object.keys(expected).toSorted())
  })
  test.each(Object.keys(expected))('%s is read as expected', (name) => {
    const { read, wanted } = compare(name)

    expect(read).toEqual(wanted)
  })
}

type Expected = Record<string, unknown> & { read_as: string[]; messages?: Summary[]; first_three?: Summary[]; mllp?: boolean }
type Summary = Record<string, unknown>

function compare(name: string): { read: unknown; wanted: unknown } {
  const wanted = expected[name] ?? { read_as: [] }
  const bytes = readFileSync(join(folder ?? '', name))
  const frames = splitFrames(bytes).map((f) => decode(f))
  const parsed = frames.map((f) => parse(f.text))
  const messages = parsed.flatMap((p) => p.messages)
  const summaries = messages.map(summary)
  const envelope = parsed.flatMap((p) => p.envelope.map((s) => s.name))
  const strays = parsed.reduce((n, p) => n + p.strays.length, 0)
  const people = new Map<string, Message>()
  const visits = new Set<string>()
  for (const m of messages) {
    const who = m.first('PID')?.first(3)
    if (who) people.set(`${readIdentifier(who).authority ?? ''}|${who.get(1)}`, m)
    const visit = m.get('PV1-19.1')
    if (visit) visits.add(visit)
  }
  const types: Record<string, number> = {}
  for (const m of messages) {
    const type = `${m.type || '?'}^${m.event}`
    types[type] = (types[type] ?? 0) + 1
  }

  const read = {
    bytes: bytes.length,
    read_as: [...new Set(frames.map((f) => f.charset))],
    message_count: messages.length,
    distinct_patients: people.size,
    distinct_visits: visits.size,
    ...(messages.length > 0 && { by_type: types }),
    ...(wanted.mllp && { mllp: frames.length === messages.length }),
    ...(envelope.length > 0 && { envelope }),
    ...(strays > 0 && { lines_before_msh: strays }),
    ...(wanted.first_three
      ? { first_three: summaries.slice(0, 3), ...streamTotals(messages) }
      : messages.length > 0 && { messages: summaries }),
  }
  return { read, wanted }
}

function streamTotals(messages: readonly Message[]) {
  const people = new Map<string, unknown>()
  for (const m of messages) {
    const pid = m.first('PID')
    const id = readFirst(pid, 3, readIdentifier)
    const key = `${id?.authority}|${id?.id}`
    people.set(key, [
      key,
      JSON.stringify(nameOf(pid)).replaceAll('":', '": ').replaceAll(',"', ', "'),
      readTime(pid?.get(7, 1))?.text,
      pid?.get(8),
    ])
  }
  const results = messages.flatMap((m) => m.all('OBX'))
  return {
    results_total: results.length,
    abnormal_total: results.filter(isAbnormal).length,
    patients: [...people.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, p]) => p),
    control_ids_distinct: new Set(messages.map((m) => m.controlId)).size,
  }
}

const nameOf = (pid: Segment | undefined) => readFirst(pid, 5, readName) ?? {}
const isAbnormal = (obx: Segment) => ![undefined, 'N'].includes(obx.get(8, 1))
const time = (value: string | undefined) => (value === undefined ? undefined : (readTime(value)?.text ?? { raw: value, bad: true }))

/** What a message says, in the words of the expectations. */
function summary(m: Message): Summary {
  const header = m.first('MSH')
  const counts: Record<string, number> = {}
  for (const s of m.segments) counts[s.name] = (counts[s.name] ?? 0) + 1
  const evn = m.first('EVN')
  const merged = m.all('MRG').map((s) => said({ ids: some(readAll(s, 1, readIdentifier)) }))
  const charges = m.all('FT1').map((s) =>
    said({
      id: s.get(2, 1),
      type: s.get(6, 1),
      ...nameless(readFirst(s, 7, readCoded)),
      quantity: s.get(10, 1),
      amount: s.first(11)?.whole(1),
    }),
  )
  const observations = m.all('OBX')
  return said({
    control_id: m.get('MSH-10'),
    type: m.get('MSH-9.1'),
    event: m.get('MSH-9.2'),
    structure: m.get('MSH-9.3'),
    version: m.get('MSH-12.1'),
    sent: time(m.get('MSH-7.1')),
    from: m.get('MSH-3.1'),
    charset_declared: m.get('MSH-18'),
    encoding_chars: header?.raw(2),
    segments: counts,
    evn: evn && said({ event_code: evn.get(1), recorded: time(evn.get(2, 1)), occurred: time(evn.get(6, 1)) }),
    evn_disagrees_with_msh9: evn?.get(1) && evn.get(1) !== m.event ? true : undefined,
    patients: some(m.all('PID').map(patient)),
    merged_from: some(merged),
    visit: visit(m),
    next_of_kin: some(
      m
        .all('NK1')
        .map((s) => said({ name: readFirst(s, 2, readName), relation: s.get(3, 1), phones: some(readAll(s, 5, readPhone).map(dialled)) })),
    ),
    diagnoses: some(m.all('DG1').map((s) => said({ ...readFirst(s, 3, readCoded), description: s.get(4, 1), type: s.get(6, 1) }))),
    insurance: m.all('IN1').length,
    orders: some(
      m
        .all('OBR')
        .map((s) => said({ placer: s.get(2, 1), filler: s.get(3, 1), service: readFirst(s, 4, readCoded), status: s.get(25, 1) })),
    ),
    observations: said({
      count: observations.length,
      abnormal: observations.filter(isAbnormal).length,
      first: some(
        observations.map((s) => {
          const { code, text, system } = readFirst(s, 3, readCoded) ?? {}
          return said({
            type: s.get(2),
            code,
            text,
            system,
            value: s.get(5),
            units: s.get(6, 1),
            range: s.get(7),
            flag: s.get(8),
            status: s.get(11),
          })
        }),
      ),
    }),
    charges: some(charges),
    document: document(m),
    appointment: appointment(m),
    z_segments: zSegments(m),
    notes: m.all('NTE').length,
    ...(m.type === '' && { must_not_be_taken_as_valid: ['no message type (MSH-9)'] }),
    ...(m.controlId === '' && { deviations: ['no control id (MSH-10)'] }),
  })
}

const nameless = (c: { code?: string; text?: string } | undefined) => ({ code: c?.code, text: c?.text })
const dialled = (p: ReturnType<typeof readPhone>) => {
  expect(typeof numberOf(p) === 'string' || p.email !== undefined || p.use !== undefined || p.equipment !== undefined).toBe(true)
  return p
}

function patient(pid: Segment): Summary {
  return said({
    ids: some(readAll(pid, 3, readIdentifier)),
    pid2: pid.get(2, 1),
    names: some(readAll(pid, 5, readName)),
    birth: time(pid.get(7, 1)),
    sex: pid.get(8),
    phones: some([...readAll(pid, 13, readPhone), ...readAll(pid, 14, readPhone)].map(dialled)),
    marital: pid.get(16, 1),
    ethnic: pid.get(22, 1),
    account: pid.raw(18).split(pid.delimiters.component)[0] || undefined,
    deceased: pid.get(30),
    death_time: time(pid.get(29, 1)),
    address: readFirst(pid, 11, readAddress),
  })
}

function visit(m: Message): Summary | undefined {
  const pv1 = m.first('PV1')
  if (!pv1) return undefined
  const read = said({
    class: pv1.get(2, 1),
    location: readFirst(pv1, 3, readLocation),
    prior_location: readFirst(pv1, 6, readLocation),
    admission_type: pv1.get(4, 1),
    attending: some(readAll(pv1, 7, readStaff)),
    service: pv1.get(10, 1),
    visit_no: pv1.get(19, 1),
    patient_type: pv1.get(18),
    payer: pv1.get(20, 1),
    disposition: pv1.get(36, 1),
    admit: time(pv1.get(44, 1)),
    discharge: time(pv1.get(45, 1)),
  })
  return read
}

function document(m: Message): Summary | undefined {
  const txa = m.first('TXA')
  return txa && said({ type: readFirst(txa, 2, readCoded), id: txa.get(12, 1), completion: txa.get(17, 1) })
}

function appointment(m: Message): Summary | undefined {
  const sch = m.first('SCH')
  if (!sch) return undefined
  return said({
    placer: sch.get(1, 1),
    filler: sch.get(2, 1),
    status: sch.get(25, 1),
    start: time(sch.get(11, 4)),
    end: time(sch.get(11, 5)),
    resource_starts: some(m.all('AIS').flatMap((s) => time(s.get(4, 1)) ?? [])),
  })
}

function zSegments(m: Message): Record<string, string[]> | undefined {
  const found = m.segments.filter((s) => s.name.startsWith('Z'))
  if (found.length === 0) return undefined
  return Object.fromEntries(found.map((s) => [s.name, Array.from({ length: s.length }, (_, i) => s.raw(i + 1))]))
}

const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined)

function said<T extends object>(value: T): Summary {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined))
}
