import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 120_000 })

const ROOT = resolve(import.meta.dirname, '..')
const LENGTH = 2000
/** A pattern that looks at each sign a few times needs microseconds, one whose time grows with the square some milliseconds; beyond that it hangs a server. */
const PATIENCE_MS = 150
/** Of the clock, since other work may take the processor away; what counts then is the processor's own time. */
const LONGEST_MS = 600
const TRIES = 3

type Pattern = { where: string; source: string; flags: string }

/** Every regular expression that stands in what a server or a page runs. */
async function patternsOf(folders: readonly string[]): Promise<Pattern[]> {
  const found: Pattern[] = []
  for (const folder of folders) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!/\.tsx?$/.test(name) || /\.(test|e2e)\.|of-test|fixture|node_modules/.test(name)) continue
      for (const { source, flags } of literalsIn(await readFile(join(ROOT, folder, name), 'utf8')))
        found.push({ where: `${folder}/${name}`, source, flags })
    }
  }
  return found
}

/** Literals after a sign or word that an expression follows; what only looks like one is no pattern, and is left out. */
function literalsIn(text: string): { source: string; flags: string }[] {
  const literal = /(?<=[=(,:[!&|?{;>]\s*|return )\/(?![*/])((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g
  return [...text.matchAll(literal)].flatMap(([, source = '', flags = '']) => {
    try {
      new RegExp(source, flags)
      return [{ source, flags: flags.replaceAll(/[gy]/g, '') }]
    } catch {
      return []
    }
  })
}

/** Strings that are long, nearly fit, and end badly: each sign of the pattern and of the usual classes many times over, in twos too. */
function attacksOn(source: string): string[] {
  const signs = [
    ...new Set(['a', 'A', '0', ' ', '\t', '\n', '.', '-', '_', '甲', ...source.replaceAll(/\\[a-zA-Z]|[\\^$*+?()[\]{}|]/g, '')]),
  ].slice(0, 40)
  const single = signs.map((s) => s.repeat(LENGTH))
  const double = signs.slice(0, 12).flatMap((a) => signs.slice(10, 20).map((b) => `${a}${b}`.repeat(LENGTH / 2)))
  const lead = /^\^?([\w:"'=<-]{1,12})/.exec(source)?.[1] ?? ''
  return [...single, ...double].flatMap((body) => [`${body}\u0001`, `${lead}${body}\u0001!`])
}

function slowOf(patterns: readonly Pattern[]): string[] {
  const slow: string[] = []
  const room = createContext({ source: '', flags: '', attacks: [] as string[], worst: 0 })
  for (const { where, source, flags } of patterns) {
    Object.assign(room, { source, flags, attacks: attacksOn(source) })
    const within = (what: string, timeout: number) => runInContext(what, room, { timeout })
    try {
      within('var pattern = new RegExp(source, flags); for (const attack of attacks) pattern.test(attack)', PATIENCE_MS) // nearly all stand all of it
    } catch {
      const takesLong = (i: number) => {
        const before = process.cpuUsage()
        try {
          within(`new RegExp(source, flags).test(attacks[${i}])`, LONGEST_MS)
        } catch {
          return true
        }
        return process.cpuUsage(before).user > PATIENCE_MS * 1000
      }
      const all = (room.attacks as string[]).keys()
      if (all.some((i) => Array.from({ length: TRIES }).every(() => takesLong(i)))) slow.push(`${where}: /${source}/${flags}`)
    }
  }
  return slow
}

test('no regular expression hangs on a long hostile text', async () => {
  const patterns = await patternsOf(['modules', 'packages', 'apps/server'])
  const each = [...new Map(patterns.map((p) => [`/${p.source}/${p.flags}`, p])).values()]

  expect(each.length).toBeGreaterThan(300)
  expect(slowOf(each)).toEqual([])
})

test('one that hangs is caught', () => {
  const planted = ['(a+)+$', '^(\\w+\\s?)*$', '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)', '(x+x+)+y', '^\\d+$'].map((source) => ({
    where: 'planted',
    source,
    flags: '',
  }))

  expect(slowOf(planted)).toHaveLength(4)
})
