import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** A breach of a rule: where, which, and the sentence for whoever has to mend it. */
export type Finding = { where: string; rule: string; says: string }

export type SourceFile = { path: string; text: string }

const never = new Set(['node_modules', '.git', '.data', '.cache', 'dist', 'test-results'])

/** All files of the project, by paths from its root, as they lie in the working tree. */
export function listFiles(root: string, under = ''): string[] {
  return readdirSync(join(root, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under ? `${under}/${entry.name}` : entry.name
    if (never.has(entry.name)) return []
    if (entry.isDirectory()) return listFiles(root, path)
    return entry.isFile() ? [path.split(sep).join('/')] : []
  })
}

export function readFiles(root: string, paths: readonly string[]): SourceFile[] {
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** The module whose file this is. */
export function moduleOf(path: string): string | undefined {
  return /^modules\/([^/]+)\//.exec(path)?.[1]
}

export function isTest(path: string): boolean {
  return /\.(test|fixture|e2e)\.tsx?$|\/testing\.tsx?$/.test(path)
}

export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Blanks comments, keeping every line and column; strings stay. Good enough for finding words of code. */
export function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*/g,
    (found, string: string | undefined) => (string === undefined ? found.replace(/[^\n]/g, ' ') : found),
  )
}
