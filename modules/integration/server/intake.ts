import {
  acksFor,
  buildAck,
  buildBatchAck,
  type Charset,
  encodeText,
  type Frame,
  type Outcome,
  type ReplyMode,
  type Segment,
} from '@renxin/hl7'
import { momentAt, newId, wallTime } from '@renxin/kernel'
import { type House, hospitalOf, inHospital, keysOf, listHospitals } from '@renxin/server'
import { type Gathering, gatherInto } from './gather.ts'
import { type Incoming, readBatch, readFrame, sealBody } from './incoming.ts'
import { ingest } from './ingest.ts'
import { addressKey, findSenders } from './senders.ts'

export type Intake = {
  /** Takes a frame of a connection and, once what is in it is on disk, gives the answers to it. */
  take(frame: Frame, from: object): Promise<Buffer[]>
}

export type Verdict = { outcome: Outcome; replyMode: ReplyMode }

const ADDRESS_SECONDS = 5

/** The door's side of the inbox: finds the hospital, gathers what arrives meanwhile into one transaction, and answers after its commit. */
export function makeIntake(house: House): Intake {
  const queues = new Map<number, Gathering<Incoming, Verdict>>()
  const whose = makeAddresses(house)
  const queueOf = (hospitalId: number) => {
    const queue =
      queues.get(hospitalId) ??
      gatherInto((batch: Incoming[]) => (hospitalId === 0 ? keepUnclaimed(house, batch) : takeBatch(house, hospitalId, batch)))
    queues.set(hospitalId, queue)
    return queue
  }

  async function takeOne(first: Incoming, bytes: Buffer, from: object): Promise<Buffer[]> {
    const { hospitalId, charset } = await whose(first)
    const all = charset === 'auto' ? [first] : readFrame(bytes, charset)
    return (await Promise.all(all.map(async (one) => answersTo(house, one, await queueOf(hospitalId).add(one, from))))).flat()
  }

  return {
    take: async (frame, from) => {
      if (frame.kind === 'tooLarge') return answersTo(house, readFrame(frame.head)[0], { outcome: 'rejected', replyMode: 'auto' })
      const { incoming, envelope } = readBatch(frame.bytes)
      if (incoming.length === 1 && incoming[0] && envelope.length === 0) return takeOne(incoming[0], frame.bytes, from)
      const verdicts = await Promise.all(incoming.map(async (one) => queueOf((await whose(one)).hospitalId).add(one, from)))
      const acks = incoming.flatMap((one, i) => ackTexts(house, one, verdicts[i] ?? { outcome: 'error', replyMode: 'auto' }))
      return asBatch(house, acks, envelope, incoming[0]?.charset)
    },
  }
}

/** Answers to a batch go back as one; where there is no header of one, each by itself. */
function asBatch(house: House, acks: readonly string[], envelope: readonly Segment[], charset: Charset | undefined): Buffer[] {
  const isBatch = envelope.some((s) => s.name === 'BHS' || s.name === 'FHS')
  const texts = isBatch ? [buildBatchAck(envelope, acks, { controlId: newControlId(), sentAt: stampOf(house) })] : acks
  return texts.filter((text) => text !== '').map((text) => encodeText(text, charset))
}

async function takeBatch(house: House, hospitalId: number, batch: Incoming[]): Promise<PromiseSettledResult<Verdict>[]> {
  const take = (allOrNone: boolean) =>
    inHospital(house, hospitalId, async (ctx) => {
      ctx.afterCommit.push(() => house.wake())
      return ingest(ctx, batch, { allOrNone })
    })
  try {
    const taken = await take(true).catch(() => take(false))
    return taken.map((t) => ({
      status: 'fulfilled',
      value: { outcome: t.isRefused ? 'rejected' : 'accepted', replyMode: t.sender.replyMode },
    }))
  } catch (reason) {
    if (batch.length === 1) return [{ status: 'rejected', reason }]
    // Even one that cannot be kept must not hold up the others.
    const each: PromiseSettledResult<Verdict>[] = []
    for (const one of batch) each.push(...(await takeBatch(house, hospitalId, [one])))
    return each
  }
}

/** Keeps what no hospital claims, sealed under the key of none. */
async function keepUnclaimed(house: House, batch: Incoming[]): Promise<PromiseSettledResult<Verdict>[]> {
  const keys = { keys: await keysOf(house, 0) }
  const at = house.now()
  const of = <T>(pick: (i: Incoming) => T) => batch.map(pick)
  await house.pool.query('select integration.keep_unclaimed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
    of(() => newId(at.getTime())),
    of((i) => i.application),
    of((i) => i.facility),
    of((i) => i.controlId),
    of((i) => i.hash),
    at,
    of((i) => (i.message?.type ?? '').slice(0, 20)),
    of((i) => (i.message?.event ?? '').slice(0, 20)),
    of((i) => i.charset),
    of((i) => sealBody(keys, i)),
  ])
  return batch.map((i) => ({ status: 'fulfilled', value: { outcome: i.message?.type ? 'accepted' : 'rejected', replyMode: 'auto' } }))
}

type Whose = { hospitalId: number; charset: 'auto' | Charset }

/** The hospital of a sender: whose address it is; where there is one hospital only, that one; else none (0). Remembered for some seconds. */
function makeAddresses(house: House) {
  const known = new Map<string, { at: number; whose: Promise<Whose> }>()

  async function look({ application, facility }: Incoming): Promise<Whose> {
    const { rows } = await house.pool.query<{ hospital_id: number }>(
      'select hospital_id from integration.find_hospitals(array[$1], array[$2])',
      [application, facility],
    )
    const claimed = rows[0] && (await hospitalOf(house, rows[0].hospital_id))?.id
    const hospitals = claimed ? [] : await listHospitals(house)
    const only = hospitals.length === 1 ? hospitals[0]?.id : undefined
    const hospitalId = claimed ?? only ?? 0
    if (hospitalId === 0) return { hospitalId, charset: 'auto' }
    const charset = await inHospital(house, hospitalId, async (ctx) => {
      const found = await findSenders(ctx, [{ application, facility }])
      return found.values().next().value?.charset ?? 'auto'
    })
    return { hospitalId, charset }
  }

  return (incoming: Incoming): Promise<Whose> => {
    const key = addressKey(incoming)
    const before = known.get(key)
    if (before && performance.now() - before.at < ADDRESS_SECONDS * 1000) return before.whose
    if (known.size > 10_000) known.clear()
    const whose = look(incoming)
    known.set(key, { at: performance.now(), whose })
    whose.catch(() => known.delete(key))
    return whose
  }
}

export const answersTo = (house: House, incoming: Incoming | undefined, verdict: Verdict): Buffer[] =>
  ackTexts(house, incoming, verdict).map((text) => encodeText(text, incoming?.charset))

function ackTexts(house: House, incoming: Incoming | undefined, { outcome, replyMode }: Verdict): string[] {
  const message = incoming?.message
  const codes = message ? acksFor(message, outcome, replyMode) : [outcome === 'rejected' ? ('AR' as const) : ('AE' as const)]
  return codes.map((code) => buildAck(message, { code, controlId: newControlId(), sentAt: stampOf(house) }))
}

const newControlId = (): string => newId().replaceAll('-', '').slice(0, 20)

let stamp = { second: -1, text: '' }

/** MSH-7 of an answer, as the wall clock of the first hospital shows it. */
function stampOf(house: House): string {
  const now = house.now()
  const second = Math.floor(now.getTime() / 1000)
  if (stamp.second === second) return stamp.text
  const zone = house.hospitals.values().next().value?.zone ?? 'Asia/Shanghai'
  const [day = '', time = ''] = wallTime(now, zone).split(' ')
  const shift = Math.round((Date.parse(`${day}T${time}Z`) - momentAt(zone, day, time).getTime()) / 60_000)
  const offset = `${shift < 0 ? '-' : '+'}${String(Math.floor(Math.abs(shift) / 60)).padStart(2, '0')}${String(Math.abs(shift) % 60).padStart(2, '0')}`
  stamp = { second, text: `${day.replaceAll('-', '')}${time.replaceAll(':', '')}${offset}` }
  return stamp.text
}
