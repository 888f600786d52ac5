import type { House } from './house.ts'

export type Rounds = { isStopping(): boolean; stop(): Promise<void> }

type RoundOptions = {
  /** Milliseconds until the next round, where this one found nothing to do. */
  everyMs: number
  /** What the log says of a round that failed. */
  failed: string
}

/** Makes rounds until it is stopped, and then ends the one that runs: the next follows at once where one answers that it found work, so that whatever waits is done. */
export function startRounds(house: House, { everyMs, failed }: RoundOptions, round: () => Promise<boolean>): Rounds {
  let isStopping = false
  let wake = () => {}
  async function run() {
    while (!isStopping) {
      const hasWorked = await round().catch((error) => {
        house.log.error({ err: error }, failed)
        return false
      })
      if (hasWorked || isStopping) continue
      await new Promise<void>((done) => {
        const timer = setTimeout(done, everyMs)
        wake = () => {
          clearTimeout(timer)
          done()
        }
      })
    }
  }
  const running = Promise.resolve().then(run) // whoever starts them has their `isStopping` before the first begins
  return {
    isStopping: () => isStopping,
    stop: async () => {
      isStopping = true
      wake()
      await running
    },
  }
}
