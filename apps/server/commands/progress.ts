/** A bar on a terminal, and a line every tenth elsewhere. */
export function progressBar(title: string, out: NodeJS.WriteStream = process.stdout) {
  let lastTenth = -1
  return {
    /** `share` from 0 to 1, and what is being done. */
    show: (share: number, what: string) => {
      const percent = Math.min(100, Math.floor(share * 100))
      if (out.isTTY) {
        const full = Math.floor(percent / 4)
        out.write(`\r${title} [${'█'.repeat(full)}${'░'.repeat(25 - full)}] ${String(percent).padStart(3)}% ${what}\x1b[K`)
        return
      }
      const tenth = Math.floor(percent / 10)
      if (tenth > lastTenth) out.write(`${title} ${percent}% ${what}\n`)
      lastTenth = Math.max(tenth, lastTenth)
    },
    end: () => {
      if (out.isTTY) out.write('\n')
    },
  }
}
