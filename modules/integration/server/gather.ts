const MOST_AT_ONCE = 200
const PAUSE_MS = 20

export type Gathering<Item, Result> = {
  /** Gives one in that came from a sender; answers with what became of it, or fails as it did. */
  add(item: Item, from: object): Promise<Result>
}

type Waiting<Item, Result> = { item: Item; from: object; done: (result: Result) => void; failed: (error: unknown) => void }

/**
 * One transaction at a time; what comes while it runs goes into the next. That begins at once for a sender who was answered by the last and sends again, and for
 * whoever comes after a quiet moment; else 20 ms after the last, for ten messages together cost hardly more than one, and whoever looks something up meanwhile is
 * answered. Two at a time were measured: no faster with many senders, slower with few, since what a transaction costs of itself is then paid twice.
 */
export function gatherInto<Item, Result>(work: (batch: Item[]) => Promise<PromiseSettledResult<Result>[]>): Gathering<Item, Result> {
  const waiting: Waiting<Item, Result>[] = []
  let isBusy = false
  let last = { ended: -PAUSE_MS, senders: new Set<object>() }
  let hurry = () => {}
  const flush = async () => {
    if (isBusy) return
    isBusy = true
    while (waiting.length > 0) {
      await pause()
      const batch = waiting.splice(0, MOST_AT_ONCE)
      try {
        const results = await work(batch.map((w) => w.item))
        for (const [i, w] of batch.entries()) {
          const result = results[i]
          if (result?.status === 'fulfilled') w.done(result.value)
          else w.failed(result?.reason)
        }
      } catch (error) {
        for (const w of batch) w.failed(error)
      }
      last = { ended: performance.now(), senders: new Set(batch.map((w) => w.from)) }
    }
    isBusy = false
  }
  const pause = async () => {
    const left = last.ended + PAUSE_MS - performance.now()
    if (left <= 0 || waiting.some((w) => last.senders.has(w.from))) return
    await new Promise<void>((done) => {
      const timer = setTimeout(done, left)
      hurry = () => {
        clearTimeout(timer)
        setImmediate(done) // with whoever was answered with him and sends again in the same moment
      }
    })
  }
  return {
    add: (item, from) =>
      new Promise((done, failed) => {
        waiting.push({ item, from, done, failed })
        if (last.senders.has(from)) hurry()
        setImmediate(flush)
      }),
  }
}
