import { buildAck, decode, encodeText, MllpClient, type MllpServer, parseMessage, readAck, startMllpServer } from '@renxin/hl7'
import { addDays, momentAt, wallTime } from '@renxin/kernel'
import { listenForHooks } from './hook-listener.ts'
import { type AdtEvent, adt, journey, stamp, type Visit } from './messages.ts'
import { drawPerson } from './people.ts'
import { makeRandom, type Random } from './random.ts'
import { drawTeams } from './staff.ts'
import { drawStay, drawWard } from './stays.ts'

export type Counts = {
  sent: number
  refused: number
  admitted: number
  moved: number
  discharged: number
  visits: number
  writtenBack: number
}

export type SimulationOptions = {
  host: string
  port: number
  /** How long a day of the hospital takes here, in seconds; 300 is a day in five minutes. */
  secondsADay: number
  /** Where it listens for what is written back; `null` where it does not. */
  writeBackPort: number | null
  /** Where the platform beside it takes the notices of its subscription; `null` where it does not. */
  hookPort?: number | null
  seed?: number
  now?: () => Date
  onEvent?: (line: string) => void
}

export type Simulation = { counts: Counts; writeBackPort: number | null; stop(): Promise<void>; stopped: Promise<void> }

/** What a day brings: 233 admissions and as many discharges, one stay in eight moved, 500 of the out-patients. */
const A_DAY = [
  ['admit', 233],
  ['discharge', 233],
  ['move', 30],
  ['update', 120],
  ['visit', 500],
  ['recall', 2],
] as const
type Kind = (typeof A_DAY)[number][0]
const EVENTS_A_DAY = A_DAY.reduce((sum, [, n]) => sum + n, 0)

/** A hospital's own system at work: it admits, moves and discharges over MLLP, stamped with the present moment, and takes what is written back. */
export async function simulateHospital(options: SimulationOptions): Promise<Simulation> {
  const { host, port, secondsADay, now = () => new Date(), onEvent = () => {} } = options
  const counts: Counts = { sent: 0, refused: 0, admitted: 0, moved: 0, discharged: 0, visits: 0, writtenBack: 0 }
  const listener = options.writeBackPort === null ? null : await listen(host, options.writeBackPort, now, counts, onEvent)
  const refuse = async (error: unknown): Promise<never> => {
    await listener?.close()
    throw error
  }
  const hooks = options.hookPort ? await listenForHooks(host, options.hookPort, onEvent).catch(refuse) : null
  const client = new MllpClient({ host, port })
  const hospital = makeHospital(makeRandom(options.seed ?? now().getTime()), now)
  let isStopping = false
  let wake = () => {}

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  /** Until it is acknowledged; sent twice does no harm, since the receiver knows it by its control id. */
  async function deliver(message: string): Promise<void> {
    while (!isStopping) {
      try {
        const ack = readAck(await client.send(message))
        counts.sent += 1
        if (!['AA', 'CA'].includes(ack.code)) counts.refused += 1
        return
      } catch (error) {
        if (isStopping) return
        onEvent(`没有送达,3 秒后重试 · not delivered, trying again in 3 s: ${error instanceof Error ? error.message : error}`)
        await pause(3000)
      }
    }
  }
  async function run() {
    const gap = (secondsADay * 1000) / EVENTS_A_DAY
    while (!isStopping) {
      const began = performance.now()
      const { kind, messages, line } = hospital.next()
      for (const message of messages) await deliver(message)
      if (isStopping) return
      tally(counts, kind)
      onEvent(line)
      await pause(Math.max(0, gap - (performance.now() - began)))
    }
  }
  const stopped = run()
  return {
    counts,
    writeBackPort: listener?.port ?? null,
    stopped,
    stop: async () => {
      isStopping = true
      wake()
      await client.close()
      await stopped
      await listener?.close()
      await hooks?.stop()
    },
  }
}

function tally(counts: Counts, kind: Kind): void {
  if (kind === 'admit') counts.admitted += 1
  else if (kind === 'discharge') counts.discharged += 1
  else if (kind === 'move') counts.moved += 1
  else if (kind === 'visit') counts.visits += 1
}

/** Draws what happens next; whoever was admitted here is in the house until discharged here. */
function makeHospital(random: Random, now: () => Date) {
  const teams = drawTeams()
  const inHouse: Visit[] = []
  const run = wallTime(now(), 'Asia/Shanghai')
    .replaceAll(/[^0-9]/g, '')
    .slice(2)
  let people = 0
  let control = 0
  const message = (event: AdtEvent, visit: Visit, at: Date) => adt(event, visit, at, `S${run}-${++control}`)

  const newcomer = (prefix: 'I' | 'O') => {
    const ward = drawWard(random)
    const today = wallTime(now(), 'Asia/Shanghai').slice(0, 10)
    people += 1
    const person = {
      ...drawPerson(random, ward.department, people, today),
      medicalRecordNumber: `S${run}${String(people).padStart(5, '0')}`,
    }
    const team = teams.get(ward)
    if (!team) throw new Error(`no team works on ${ward.name}`)
    return {
      ward,
      today,
      base: {
        number: `${prefix}${run}${people}`,
        person,
        class: prefix,
        doctor: random.pick(team.doctors),
        nurse: random.pick(team.nurses),
      },
    }
  }
  const takeOut = () => inHouse.splice(random.int(0, inHouse.length - 1), 1)[0]

  const happenings: Record<Kind, () => { messages: string[]; line: string }> = {
    admit: () => {
      const { ward, today, base } = newcomer('I')
      const stay = drawStay(random, ward, today)
      const visit: Visit = {
        ...base,
        ward,
        bed: stay.bed,
        level: stay.said[0]?.level ?? '二级',
        condition: stay.said[0]?.condition ?? '一般',
        admittedAt: now(),
        diagnosis: stay.diagnosis,
      }
      inHouse.push(visit)
      return { messages: [message('A01', visit, now())], line: `入院 ${visit.number} ${ward.name} ${visit.bed}` }
    },
    discharge: () => {
      const known = inHouse.length > 40 ? takeOut() : undefined
      if (known) {
        const gone: Visit = { ...known, dischargedAt: now(), disposition: '1' }
        return { messages: [message('A03', gone, now())], line: `出院 ${gone.number} ${gone.ward.name}` }
      }
      const { ward, today, base } = newcomer('I') // admitted before we began: the whole stay is told at once
      const drawn = drawStay(random, ward, addDays(today, -random.int(3, 12)))
      const past = momentAt('Asia/Shanghai', addDays(today, -1), '08:00')
      const stay = {
        ...drawn,
        dischargedAt: now(),
        said: drawn.said.filter((s) => s.at < past),
        moves: drawn.moves.filter((m) => m.at < past),
      }
      const messages = journey(base, stay, now()).map((step) => message(step.event, step.visit, step.at))
      return { messages, line: `出院 ${base.number} ${ward.name}` }
    },
    move: () =>
      change(
        'A02',
        (visit) => {
          const ward = drawWard(random)
          return { ward, bed: `${String(random.int(1, ward.beds)).padStart(2, '0')}床`, priorWard: visit.ward, priorBed: visit.bed }
        },
        '转科',
      ),
    update: () =>
      change(
        'A08',
        () => ({
          level: random.pick(['一级', '二级', '三级'] as const),
          condition: random.weighted([
            ['一般', 90],
            ['病重', 9],
            ['病危', 1],
          ] as const),
        }),
        '变更',
      ),
    visit: () => {
      const { ward, base } = newcomer('O')
      const visit: Visit = { ...base, ward, bed: '', level: '三级', condition: '一般', admittedAt: now() }
      return { messages: [message('A04', visit, now())], line: `门诊 ${visit.number} ${ward.department.name}` }
    },
    recall: () => change('A11', () => ({}), '取消入院', true),
  }
  function change(event: AdtEvent, draw: (visit: Visit) => Partial<Visit>, word: string, isLast = false) {
    const visit = inHouse.length > 0 ? takeOut() : undefined
    if (!visit) return happenings.admit()
    const changed = { ...visit, priorWard: undefined, priorBed: undefined, ...draw(visit) }
    if (!isLast) inHouse.push(changed)
    return { messages: [message(event, changed, now())], line: `${word} ${changed.number} ${changed.ward.name}` }
  }
  return {
    next: () => {
      const kind = random.weighted(A_DAY)
      return { kind, ...happenings[kind]() }
    },
  }
}

/** The HIS's own ear: it acknowledges what is written back to it. */
const listen = (host: string, port: number, now: () => Date, counts: Counts, onEvent: (line: string) => void): Promise<MllpServer> =>
  startMllpServer({
    host,
    port,
    answer: async (frame) => {
      const message = frame.kind === 'frame' ? parseMessage(decode(frame.bytes).text) : undefined
      counts.writtenBack += 1
      onEvent(`收到回写 ${message?.type ?? '?'} ${message?.controlId ?? ''}`)
      return [
        Buffer.from(
          encodeText(
            buildAck(message, {
              code: 'AA',
              controlId: `A${counts.writtenBack}`,
              sentAt: stamp(now()),
            }),
            'utf-8',
          ),
        ),
      ]
    },
  })
