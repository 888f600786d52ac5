import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type LogFolder = { folder: string; megabytes: number; days: number }

const NAME = /^renxin-\d{4}-\d{2}-\d{2}-.*\.log$/

/**
 * Lines into files of a folder: a new one each day and whenever one has grown large, the oldest removed after so many days. Each process writes files of its own,
 * so that nothing is renamed under anybody. What cannot be written (the disk is full) goes to `otherwise`, and nobody is stopped by it.
 */
export function logFiles({ folder, megabytes, days }: LogFolder, now: () => Date, otherwise: (line: string) => void) {
  let open: { fd: number; day: string; bytes: number } | undefined

  const clear = () => {
    const oldest = now().getTime() - days * 86_400_000
    for (const name of readdirSync(folder).filter((n) => NAME.test(n))) {
      const path = join(folder, name)
      if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest) rmSync(path, { force: true })
    }
  }
  const begin = (day: string) => {
    if (open) closeSync(open.fd)
    open = undefined
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    clear()
    for (let part = 1; ; part += 1) {
      const fd = openSync(join(folder, `renxin-${day}-${process.pid}-${part}.log`), 'a', 0o640)
      const bytes = fstatSync(fd).size
      if (bytes < megabytes * 2 ** 20) {
        open = { fd, day, bytes }
        return open
      }
      closeSync(fd)
    }
  }
  return {
    write(line: string): void {
      try {
        const day = now().toISOString().slice(0, 10)
        const file = open && open.day === day && open.bytes < megabytes * 2 ** 20 ? open : begin(day)
        file.bytes += writeSync(file.fd, line)
      } catch {
        otherwise(line)
      }
    },
  }
}
