import { asList, asNumber, asText, choiceOf, extensionsOf, extensionValue, isJson, type Json, urls } from './fhir.ts'
import type { FlagCondition, FlagOperator, Phrase, RedFlag, Severity } from './model.ts'
import { phrase } from './phrase.ts'

/** The most urgent first. */
export const severities = ['emergency', 'urgent', 'watch'] as const satisfies readonly Severity[]
export const flagOperators = ['=', '>', '>=', '<', '<=', 'contains', 'exists'] as const satisfies readonly FlagOperator[]

const isSeverity = (x: unknown): x is Severity => severities.some((s) => s === x)
const isFlagOperator = (x: unknown): x is FlagOperator => flagOperators.some((o) => o === x)

/** The rules as they stand in a definition, each under its own id once. */
export function readRedFlags(raw: Json): RedFlag[] {
  const seen = new Set<string>()
  return redFlagsIn(raw).flatMap((e) => {
    const id = asText(extensionValue(e, 'id'))
    if (!id || seen.has(id)) return []
    seen.add(id)
    const severity = extensionValue(e, 'severity')
    return [
      {
        id,
        title: said(e, 'title'),
        severity: isSeverity(severity) ? severity : 'urgent',
        say: said(e, 'say'),
        tell: said(e, 'tell'),
        deadlineMinutes: minutesOf(extensionValue(e, 'deadline')),
        needs: extensionValue(e, 'needs') === 'all' ? 'all' : 'any',
        conditions: extensionsOf(e).flatMap((c) => (c.url === 'when' ? [readCondition(c)] : [])),
      },
    ]
  })
}

/** The extensions that hold a rule each. */
export const redFlagsIn = (raw: Json): Json[] => extensionsOf(raw).filter((e) => e.url === urls.redFlag)

const said = (e: Json, part: string): Phrase => phrase(extensionsOf(e).find((p) => p.url === part) ?? {}, 'valueString')

function readCondition(e: Json): FlagCondition {
  const operator = extensionValue(e, 'operator')
  return {
    question: asText(extensionValue(e, 'question')),
    operator: isFlagOperator(operator) ? operator : '=',
    expected: asList(e.extension)
      .flatMap((p) => (p.url === 'answer' ? [choiceOf(p, 'value') ?? []] : []))
      .flat(),
  }
}

/** UCUM minutes or hours; null where the hospital has set none. */
function minutesOf(duration: unknown): number | null {
  const value = isJson(duration) ? asNumber(duration.value) : null
  if (value === null || value <= 0 || !isJson(duration)) return null
  return Math.round(duration.code === 'h' ? value * 60 : value)
}
