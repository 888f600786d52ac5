import type { Cell } from '@renxin/server/export'
import type { Variable } from './dataset.ts'
import type { Code } from './variables.ts'

/** SPSS takes labels of 120 bytes, which is forty Chinese characters; of variables twice as many. */
const MOST_LABEL = 40
const MOST_VARIABLE_LABEL = 80

/** A text in quotes: doubled where it has one itself, on one line. */
const quoted = (text: string, most: number) => `'${[...text.replace(/\s+/g, ' ').trim()].slice(0, most).join('').replaceAll("'", "''")}'`

const widthOf = (at: number, rows: readonly (readonly Cell[])[]) =>
  Math.min(32_767, Math.max(8, ...rows.map((row) => Buffer.byteLength(String(row[at] ?? '')))) + 2)

const codesOf = (codes: readonly Code[]) => codes.map(([value, label]) => `  ${value} ${quoted(label, MOST_LABEL)}`).join('\n')

/**
 * SPSS syntax that reads the table and says what it means: types, labels, codes, and which of them count as missing. PSPP reads it too. `about`: what the file says
 * of itself, as comments.
 */
export function syntaxOf(
  file: string,
  variables: readonly Variable[],
  rows: readonly (readonly Cell[])[],
  about: readonly string[],
): string {
  const type = (v: Variable, at: number) => (v.kind === 'text' ? `A${widthOf(at, rows)}` : `F12.${v.decimals}`)
  const coded = variables.filter((v) => v.codes.length + v.missing.length > 0)
  const missing = variables.filter((v) => v.missing.length > 0)
  const level = (kind: Variable['kind']) => variables.filter((v) => v.kind === kind).map((v) => v.name)
  const levels = [['code', 'NOMINAL'], ['measure', 'SCALE']] as const // biome-ignore format: a table
  return [
    ...about.map((line) => `* ${line.replace(/\s+/g, ' ').replaceAll('.', '．').trim()} .`),
    `* CD to the folder of ${file.replaceAll('.', '．')} first .`,
    '',
    `GET DATA /TYPE=TXT /FILE='${file}' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELCASE=LINE /FIRSTCASE=2`,
    `  /DELIMITERS="," /QUALIFIER='"' /VARIABLES=`,
    ...variables.map((v, at) => `  ${v.name} ${type(v, at)}`),
    '  .',
    'VARIABLE LABELS',
    variables.map((v) => `  ${v.name} ${quoted(v.label, MOST_VARIABLE_LABEL)}`).join('\n'),
    '  .',
    ...(coded.length > 0
      ? ['VALUE LABELS', coded.map((v) => `  /${v.name}\n${codesOf([...v.codes, ...v.missing])}`).join('\n'), '  .']
      : []),
    ...missing.map((v) => `MISSING VALUES ${v.name} (${v.missing.map(([code]) => code).join(', ')}).`),
    ...levels.flatMap(([kind, name]) => (level(kind).length > 0 ? [`VARIABLE LEVEL ${level(kind).join('\n  ')} (${name}).`] : [])),
    'EXECUTE.',
    '',
  ].join('\n')
}
