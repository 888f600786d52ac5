import { type Finding, isTest, lineOf, moduleOf, type SourceFile, withoutComments } from './house.ts'

type Ban = { rule: string; pattern: RegExp; says: string; in: (path: string) => boolean }

const isCode = (path: string) => /\.(ts|tsx|mjs)$/.test(path)
const inModule = (path: string) => moduleOf(path) !== undefined && isCode(path)

/** What no line of code may say, and what to say instead. Comments and other languages than ours are not read. */
const bans: Ban[] = [
  { rule: 'time-has-one-door', pattern: /new Date\(\s*\)|\bDate\.now\(/g, says: 'ask ctx.clock for the time', in: inModule },
  {
    rule: 'chance-has-one-door',
    pattern: /\bMath\.random\(/g,
    says: 'use newId() for ids; what is random to a person is decided in the database or handed in',
    in: inModule,
  },
  {
    rule: 'one-reader-of-the-environment',
    pattern: /\bprocess\.env\b(?!\.RENXIN_SAMPLES\b)/g, // tests are told by it where the samples lie
    says: 'the environment is read in apps/server/config.ts alone and handed down',
    in: inModule,
  },
  {
    rule: 'one-reader-of-the-environment',
    pattern: /\bprocess\.env\.RENXIN_SAMPLES\b/g,
    says: 'only tests know of samples',
    in: (path) => inModule(path) && !isTest(path),
  },
  {
    rule: 'no-test-is-put-aside',
    pattern: /\b(?:test|it|describe)\.(?:only|todo|skip)\(/g,
    says: 'a test that does not run proves nothing',
    in: isTest,
  },
]

const remarks: Ban[] = [
  { rule: 'nothing-left-to-do', pattern: /\b(?:TO[D]O|FIXM[E]|XX[X])\b/g, says: 'do it, or file an issue', in: isCode },
]

const engine = /^packages\/(sip|rtc|hl7|fhir|omr)\//
const longest = 400

export function checkSource(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) => {
    if (!isCode(path)) return []
    const code = withoutComments(text)
    return [...bans.flatMap((ban) => find(ban, path, code)), ...remarks.flatMap((ban) => find(ban, path, text)), ...tooLong(path, text)]
  })
}

function find({ rule, pattern, says, in: applies }: Ban, path: string, text: string): Finding[] {
  if (!applies(path)) return []
  return [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
    where: `${path}:${lineOf(text, index)}`,
    rule,
    says: `"${found}": ${says}`,
  }))
}

function tooLong(path: string, text: string): Finding[] {
  const lines = text.split('\n').length - 1
  if (lines <= longest || engine.test(path)) return []
  return [{ where: path, rule: 'short-files', says: `${lines} lines: above ${longest} a file wants a better cut` }]
}
