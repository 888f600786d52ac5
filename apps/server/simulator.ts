import { HOOK_PORT, type Simulation as Running, simulateHospital, WRITE_BACK_PORT } from '@renxin/seed'
import { type Simulation, setupErrors } from '@renxin/setup/contract'

const LINES = 30

/** The imaginary hospital's system as the console starts and stops it: one at a time, sending to our own listener. */
export function makeSimulator(options: { host: string; mllpPort: () => number | null; now: () => Date }) {
  let running: Running | null = null
  let startedAt: Date | null = null
  let secondsADay: number | null = null
  let lines: string[] = []

  const stop = async () => {
    const was = running
    running = null
    await was?.stop()
  }
  return {
    stop,
    start: async (seconds: number) => {
      const port = options.mllpPort()
      if (port === null) throw setupErrors.noMllp()
      await stop()
      lines = []
      startedAt = options.now()
      secondsADay = seconds
      running = await simulateHospital({
        host: options.host,
        port,
        secondsADay: seconds,
        writeBackPort: WRITE_BACK_PORT,
        hookPort: HOOK_PORT,
        onEvent: (line) => {
          lines = [line, ...lines].slice(0, LINES)
        },
      })
    },
    state: (): Simulation => ({
      isRunning: running !== null,
      startedAt: startedAt?.toISOString() ?? null,
      secondsADay,
      ...(running?.counts ?? { sent: 0, refused: 0, admitted: 0, moved: 0, discharged: 0, visits: 0, writtenBack: 0 }),
      lines,
    }),
  }
}
