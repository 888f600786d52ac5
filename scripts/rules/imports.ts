import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import config from '../../.dependency-cruiser.mjs'
import { type Finding, listFiles } from './house.ts'

export type Import = { from: string; to: string; isTypeOnly: boolean }

const workspaces = ['apps', 'modules', 'packages', 'seed', 'bench', 'proof', 'e2e', 'scripts']

/** The imports of the whole house, and those that break a rule of .dependency-cruiser.mjs. */
export async function readImports(root: string): Promise<{ imports: Import[]; findings: Finding[] }> {
  const { forbidden, options } = config
  const folders = workspaces.filter((folder) => existsSync(join(root, folder)))
  const cruised = await cruise(folders, { ...options, baseDir: root, validate: true, ruleSet: { forbidden } }).catch(
    (error: Error) => error.message,
  )
  if (typeof cruised === 'string' || typeof cruised.output === 'string') {
    return {
      imports: [],
      findings: [
        { where: '.', rule: 'all-is-read', says: `the imports could not be read: ${String(cruised).split('Stack backtrace')[0]}` },
      ],
    }
  }
  const { output } = cruised

  const imports = output.modules.flatMap(({ source, dependencies }) =>
    dependencies.map((d) => ({ from: source, to: d.resolved, isTypeOnly: d.dependencyTypes.includes('type-only') })),
  )
  return { imports, findings: [...unread(root, output), ...breaches(output)] }
}

/** A cruiser that cannot read TypeScript says nothing and finds nothing: every source file must be among those it read. */
function unread(root: string, { modules }: ICruiseResult): Finding[] {
  const read = new Set(modules.map(({ source }) => source))
  const sources = listFiles(root).filter((path) => /\.tsx?$/.test(path) && workspaces.includes(path.split('/')[0] ?? ''))
  const missed = sources.filter((path) => !read.has(path))
  if (sources.length === 0) return [{ where: '.', rule: 'all-is-read', says: 'no source file was found: nothing is checked' }]
  return missed.map((where) => ({
    where,
    rule: 'all-is-read',
    says: 'dependency-cruiser did not read this file, so nothing about it is checked',
  }))
}

function breaches({ modules, summary }: ICruiseResult): Finding[] {
  const sentences = new Map(config.forbidden.map(({ name, comment }) => [name, comment]))
  const circles = new Set<string>()
  return summary.violations.flatMap(({ from, to, rule, cycle }) => {
    if (!cycle?.length)
      return [{ where: from, rule: rule.name, says: `imports ${to}: ${sentence(rule.name, from) ?? sentences.get(rule.name) ?? ''}` }]
    const members = cycle.map(({ name }) => name)
    const key = members.toSorted().join()
    if (circles.has(key)) return [] // the cruiser tells each circle once for every member
    circles.add(key)
    return [{ where: from, rule: rule.name, says: `${[from, ...members].join(' → ')}: ${sentences.get(rule.name) ?? ''}` }]
  })

  /** Several rules share the name "calls-go-down", one for each module. */
  function sentence(name: string, from: string): string | undefined {
    if (!modules.some(({ source }) => source === from)) return undefined
    return config.forbidden.find(
      (rule) => rule.name === name && typeof rule.from.path === 'string' && new RegExp(rule.from.path).test(from),
    )?.comment
  }
}
