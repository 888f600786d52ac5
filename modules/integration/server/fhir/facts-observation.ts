import type { RecordFacts, ReportItemFact } from '@renxin/encounters'
import { type Element, elementsOf, isElement, numberOf, type Resource, spanOf, targetIn, textOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { spokenName } from './facts-records.ts'
import type { Setting } from './setting.ts'
import { loadBodies, loadHeads, nameOf } from './store.ts'
import type { Told } from './told.ts'

export type Reports = {
  /** The results to which the reports refer, by name. */
  observations: ReadonlyMap<string, Resource>
  /** Which Observations stand in a report: they are no reports of their own. */
  reported: ReadonlySet<string>
  /** Results that were told alone before their report came. */
  takenBack: RecordFacts[]
}

/** Puts reports and results together, whichever came first. */
export async function findReports(ctx: Context, told: readonly Told[]): Promise<Reports> {
  const reports = told.filter((t) => t.name.type === 'DiagnosticReport' && t.resource)
  const observations = new Map(told.flatMap((t) => (t.name.type === 'Observation' && t.resource ? [[nameOf(t.name), t.resource]] : [])))
  const wanted = reports.flatMap((t) => elementsOf(t.resource?.result).flatMap((r) => targetIn(r) ?? []))
  const older = wanted.filter((t) => !observations.has(nameOf(t)))
  const heads = [...(await loadHeads(ctx, older)).values()]
  const bodies = await loadBodies(ctx, heads)
  for (const head of heads) {
    const body = bodies.get(head.key)
    if (body) observations.set(nameOf(head), body)
  }
  const alone = [...observations.keys()].filter((name) => !wanted.some((t) => nameOf(t) === name))
  const reported = new Set([...wanted.map(nameOf), ...(await reportedBefore(ctx, told, alone))])
  const takenBack = heads.flatMap((head): RecordFacts[] =>
    head.patientId
      ? [
          {
            is: 'report',
            kind: 'other',
            status: 'cancelled',
            source: 'FHIR Observation',
            number: head.id,
            sourceAt: ctx.clock.now(),
            patientId: head.patientId,
          },
        ]
      : [],
  )
  return { observations, reported, takenBack }
}

async function reportedBefore(ctx: Context, told: readonly Told[], names: readonly string[]): Promise<string[]> {
  const known = names.filter((name) => told.some((t) => nameOf(t.name) === name && !t.isNameNew))
  if (known.length === 0) return []
  const { rows } = await sql<{ value: string }>`
    select distinct value from integration.fhir_index where what = 'DiagnosticReport.result' and value = any(${known}::text[])`.execute(
    ctx.db,
  )
  return rows.map((r) => r.value)
}

/** The lines of a result: its own value, and one for each of its components. */
export function itemsOf(resource: Resource, { dayStart }: Setting): ReportItemFact[] {
  const observedAt =
    (
      spanOf(resource.effectiveDateTime, dayStart) ??
      spanOf(resource.effectiveInstant, dayStart) ??
      spanOf(isElement(resource.effectivePeriod) ? resource.effectivePeriod.start : undefined, dayStart)
    )?.low ?? null
  return [resource, ...elementsOf(resource.component)].flatMap((element) => {
    const value = resultOf(element)
    return value ? [{ ...named(element), ...value, range: rangeOf(element), flag: flagOf(element), observedAt }] : []
  })
}

function named({ code }: Element): { code: string | null; name: string } {
  const coded = isElement(code) ? textOf(elementsOf(code.coding)[0]?.code) : undefined
  return { code: coded?.slice(0, 100) ?? null, name: (spokenName(code) ?? '?').slice(0, 200) }
}

type Value = { value: string; amount: number | null; unit: string | null }

function resultOf(element: Element): Value | undefined {
  const plain = (value: unknown, amount: number | null = null): Value | undefined =>
    value === undefined ? undefined : { value: String(value).slice(0, 2000), amount, unit: null }
  if (isElement(element.valueQuantity)) return quantityOf(element.valueQuantity)
  if (element.valueCodeableConcept !== undefined) return plain(spokenName(element.valueCodeableConcept))
  const integer = numberOf(element.valueInteger)
  if (integer !== undefined) return plain(integer, integer)
  if (typeof element.valueBoolean === 'boolean') return plain(element.valueBoolean)
  for (const field of ['valueString', 'valueDateTime', 'valueTime'] as const) {
    const text = textOf(element[field])
    if (text) return plain(text)
  }
  if (isElement(element.valueRange)) return plain(spread(element.valueRange))
  return undefined
}

function quantityOf(quantity: Element): Value | undefined {
  const amount = numberOf(quantity.value)
  if (amount === undefined || !Number.isFinite(amount)) return undefined
  const unit = textOf(quantity.unit) ?? textOf(quantity.code)
  return { value: `${textOf(quantity.comparator) ?? ''}${amount}`, amount, unit: unit?.slice(0, 60) ?? null }
}

function spread(range: Element): string | undefined {
  const [low, high] = [range.low, range.high].map((end) => (isElement(end) ? quantityOf(end)?.value : undefined))
  if (low && high) return `${low}-${high}`
  return low ? `≥${low}` : high ? `≤${high}` : undefined
}

function rangeOf(element: Element): string | null {
  const [range] = elementsOf(element.referenceRange)
  return range ? ((textOf(range.text) ?? spread(range) ?? null)?.slice(0, 100) ?? null) : null
}

const FLAGS = new Set(['H', 'L', 'HH', 'LL', 'A', 'AA', 'N', 'HU', 'LU', 'POS', 'NEG', 'S', 'R', 'I'])

function flagOf(element: Element): string | null {
  for (const concept of elementsOf(element.interpretation))
    for (const coding of elementsOf(concept.coding)) {
      const code = textOf(coding.code) ?? ''
      if (FLAGS.has(code)) return code
    }
  return null
}
