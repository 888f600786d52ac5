import floors from '../floors.json' with { type: 'json' }
import type { Finding, SourceFile } from './house.ts'
import { moduleOf } from './house.ts'
import { type Import, readImports } from './imports.ts'

export const pagePath = 'docs/architecture.md'

const begin = '<!-- drawn by scripts/draw-modules.ts: begin -->'
const end = '<!-- drawn by scripts/draw-modules.ts: end -->'

export async function drawModules(root: string): Promise<string> {
  return drawImports((await readImports(root)).imports)
}

/** Rooms by floor, and who calls whom. A call that a longer way says already is left out, or the picture is all arrows. */
export function drawImports(imports: readonly Import[]): string {
  const calls = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [caller, called] = [moduleOf(from), moduleOf(to)]
    if (!caller || !called || caller === called || /\.test\.tsx?$/.test(from)) continue
    calls.set(caller, (calls.get(caller) ?? new Set()).add(called))
  }
  const rooms = new Set(imports.flatMap(({ from }) => moduleOf(from) ?? []))
  const storeys = floors
    .map((floor) => floor.filter((name) => rooms.has(name)))
    .filter((floor) => floor.length > 0)
    .toReversed()
  const arrows = [...calls].flatMap(([caller, all]) =>
    [...all].filter((called) => !isSaidOtherwise(calls, caller, called)).map((called) => `  ${caller} --> ${called}`),
  )
  const boxes = storeys.flatMap((floor, at) => [
    `  subgraph floor${storeys.length - at}[" "]`,
    ...floor.map((name) => `    ${name}`),
    '  end',
  ])
  return ['```mermaid', 'flowchart TB', ...boxes, ...arrows.sort(), '```'].join('\n')
}

export function placePicture(page: string, picture: string): string {
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${pagePath} has no place for the picture: ${begin} … ${end}`)
  return `${before}${begin}\n${picture}\n${end}${after}`
}

export function checkPicture(files: readonly SourceFile[], imports: readonly Import[]): Finding[] {
  const page = files.find(({ path }) => path === pagePath)
  if (!page || placePicture(page.text, drawImports(imports)) === page.text) return []
  return [{ where: pagePath, rule: 'a-true-picture', says: 'the module picture is stale: node scripts/run.mjs scripts/draw-modules.ts' }]
}

function isSaidOtherwise(calls: ReadonlyMap<string, ReadonlySet<string>>, caller: string, called: string): boolean {
  const reaches = (from: string): boolean => from === called || [...(calls.get(from) ?? [])].some(reaches)
  return [...(calls.get(caller) ?? [])].some((other) => other !== called && reaches(other))
}
