import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { houseErrors, Refusal } from '@renxin/kernel'
import { type Catalogue, catalogues, faultsOf, houseWords } from '@renxin/ui/words'
import { beforeAll, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** Found by their names, so that no file is forgotten. */
const load = (pattern: string): Promise<Record<string, unknown>[]> =>
  Promise.all(globSync(pattern, { cwd: ROOT }).map((path) => import(pathToFileURL(resolve(ROOT, path)).href)))

let contracts: Record<string, unknown>[]

beforeAll(async () => {
  await load('{modules/*,apps/console/src}/words.ts')
  contracts = await load('modules/*/*contract.ts')
})

test('every sentence of every module is there in Chinese and in English, with the same gaps to fill', () => {
  const modules = globSync('modules/*/', { cwd: ROOT }).length

  expect(houseWords.product).toBe('仁心')
  expect(catalogues().length).toBeGreaterThanOrEqual(modules + 2)
  expect(catalogues().flatMap(faultsOf)).toEqual([])
})

test('every refusal has its own sentence', () => {
  const codes = [...contracts, { houseErrors }].flatMap((c) => Object.values(c).flatMap(codesOf))
  const sentences = new Set(catalogues().flatMap(({ module, zh }) => flat(zh).map(([key]) => `${module}.${key}`)))

  expect(codes.length).toBeGreaterThan(50)
  expect([...new Set(codes)].filter((code) => !sentences.has(code.replace('.', '.errors.')))).toEqual([])
})

test('Chinese sentences have Chinese punctuation', () => {
  const sentences = catalogues().flatMap(({ module, zh }) => flat(zh).map(([key, text]) => `${module}.${key}: ${text}`))

  expect(sentences.filter((s) => HALF_WIDTH.test(s.slice(s.indexOf(': ') + 2)))).toEqual([])
})

test('a mark of the wrong width is caught, one that belongs to a code or a clock is not', () => {
  const wrong = ['好,请', '原因:过期', '{{name}},您好', '确定?', '电话(本人)', '见 I21,例如']
  const right = ['14:02 改过', 'I20-I25, E11', '好，请', 'Ctrl+Enter', '{{a}}:{{b}}', 'OBX-5, PV1-19']

  expect(wrong.filter((s) => !HALF_WIDTH.test(s))).toEqual([])
  expect(right.filter((s) => HALF_WIDTH.test(s))).toEqual([])
})

/** A half-width mark beside a Chinese character, or between a gap and one. */
const HALF_WIDTH = /[\u4e00-\u9fff”’》」）][,;:?!()]|[,;:?!()][\u4e00-\u9fff“‘《「（]/

function flat(tree: Catalogue['zh'], path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([name, text]): [string, string][] =>
    typeof text === 'string' ? [[path + name, text]] : flat(text, `${path}${name}.`),
  )
}

/** The codes of a module's refusals, where this export is a set of them. */
function codesOf(exported: unknown): string[] {
  if (typeof exported !== 'object' || exported === null) return []
  const makers = Object.values(exported)
  if (makers.length === 0 || !makers.every((m) => typeof m === 'function' && m.length <= 1)) return []
  const made = makers.map((m) => attempt(m))
  return made.flatMap((r) => (r instanceof Refusal ? [r.code] : []))
}

function attempt(make: () => unknown): unknown {
  try {
    return make()
  } catch {
    return undefined // another kind of function
  }
}
