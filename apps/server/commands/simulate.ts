import { simulateHospital } from '@renxin/seed'
import { readConfig } from '../config.ts'
import { type Command, readOptions, UsageError } from './command.ts'

export const simulate: Command = {
  name: 'simulate',
  about: 'An imaginary hospital’s own system: it admits, moves and discharges over MLLP, and takes what is written back. Ctrl+C stops it.',
  usage: [
    '--day-in SECONDS         how long a day of the hospital takes (default 300: a day in five minutes)',
    '--host HOST --port PORT  where it sends (HOST and MLLP_PORT, else 127.0.0.1 and 2575)',
    '--write-back-port PORT   where it listens (default 2576, or off)',
    '--for SECONDS            stops by itself after so long',
    '--quiet                  prints the totals only',
  ],
  run: async (words) => {
    const { values } = readOptions(words, {
      'day-in': { type: 'string', default: '300' },
      host: { type: 'string' },
      port: { type: 'string' },
      'write-back-port': { type: 'string', default: '2576' },
      for: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    })
    const config = readConfig()
    const simulation = await simulateHospital({
      host: values.host ?? config.host,
      port: number(values.port ?? String(config.mllpPort ?? 2575), 'port'),
      secondsADay: number(values['day-in'], 'day-in'),
      writeBackPort: values['write-back-port'] === 'off' ? null : number(values['write-back-port'], 'write-back-port'),
      onEvent: values.quiet ? undefined : (line) => console.log(line),
    })
    const stop = () => void simulation.stop()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
    if (values.for) setTimeout(stop, number(values.for, 'for') * 1000)
    await simulation.stopped
    await simulation.stop()
    const { sent, refused, admitted, moved, discharged, visits, writtenBack } = simulation.counts
    console.log(
      `sent ${sent} (refused ${refused}): admitted ${admitted}, moved ${moved}, discharged ${discharged}, visits ${visits}; written back ${writtenBack}`,
    )
  },
}

function number(text: string, option: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`renxin: --${option} takes a number`)
  return value
}
