import type { Input } from '@renxin/kernel'
import { type Context, can, type Found, pathParts, type Source, type Visit } from '@renxin/server'
import {
  type FilledItem,
  type FilledShown,
  type FilledValue,
  type Form,
  type Item,
  isFilled,
  type KnownSource,
  type surveysApi,
} from '../contract.ts'

type Api = typeof surveysApi

/** What forms may be filled with in this hospital: each room says what it has. */
export async function listSources(ctx: Context): Promise<{ rows: SourceCard[] }> {
  const rows = (await sourcesOf(ctx)).map(({ path, group, title, kind, takesChoice = false }) => ({
    path,
    group: [...group],
    title: [...title],
    kind,
    takesChoice,
  }))
  return { rows: rows as SourceCard[] } // two names each, as `Named` says
}

type SourceCard = { path: string; group: [string, string]; title: [string, string]; kind: Source['kind']; takesChoice: boolean }

/** By what a source may be named more closely. */
export async function listSourceChoices(ctx: Context, { path, search }: Input<Api['sourceChoices']>) {
  const rows: { value: string; title: [string, string] }[] = []
  for (const room of ctx.sources)
    for (const { value, title } of await room.choices(ctx, path, search)) rows.push({ value, title: [title[0], title[1]] })
  return { rows }
}

async function sourcesOf(ctx: Context): Promise<Source[]> {
  const all: Source[] = []
  for (const room of ctx.sources) all.push(...(await room.list(ctx)))
  return all
}

/** The same as an inspection of a form asks for them. */
export const knownSources = async (ctx: Context): Promise<ReadonlyMap<string, KnownSource>> =>
  new Map((await sourcesOf(ctx)).map((s) => [s.path, s]))

const filledItems = (form: Form): Item[] => [...form.byLinkId.values()].filter(isFilled)

/** What the records say at this moment for each of these forms, whoever asks. In a fixed number of statements, however many they are. */
export async function fillForms(ctx: Context, asked: readonly { form: Form; visit: Visit }[]): Promise<FilledValue[][]> {
  const paths = [...new Set(asked.flatMap(({ form }) => filledItems(form).map((i) => i.source ?? '')))].filter((p) => p !== '')
  if (paths.length === 0) return asked.map(() => [])
  const found: Map<string, Found>[] = asked.map(() => new Map())
  for (const room of ctx.sources) {
    const read = await room.read(ctx, asked.map((a) => a.visit), paths) // biome-ignore format: one thought
    for (const [at, all] of found.entries()) for (const one of read[at] ?? []) all.set(one.path, one)
  }
  return asked.map(({ form }, at) => filledItems(form).flatMap((item) => valueFor(item, found[at]?.get(item.source ?? ''))))
}

function valueFor({ linkId, source }: Item, found: Found | undefined): FilledValue[] {
  if (!found) return []
  const { value, at, of, system } = found
  return [{ linkId, path: source ?? '', value, at: at?.toISOString() ?? null, of, system }]
}

/** The items that are filled, as whoever asks may see them: what he may not see on its own page he does not see here. */
export async function showFilled(ctx: Context, form: Form, values: readonly FilledValue[]): Promise<FilledShown | null> {
  const items = filledItems(form)
  if (items.length === 0) return null
  const known = new Map((await sourcesOf(ctx)).map((s) => [s.path, s]))
  const shown: FilledShown = { open: [], diagnosis: [] }
  for (const { linkId, source } of items) {
    const path = source ?? ''
    const from = known.get(pathParts(path).source)
    const value = values.find((v) => v.linkId === linkId)
    const isKept = !mayBeShown(ctx, from)
    const told = { value: value?.value ?? null, at: value?.at ?? null, of: value?.of ?? null, system: value?.system ?? null }
    const item: FilledItem = {
      linkId,
      path,
      title: from ? [`${from.group[0]} · ${from.title[0]}`, `${from.group[1]} · ${from.title[1]}`] : [path, path],
      isKept,
      ...(isKept ? { value: null, at: null, of: null, system: null } : told),
    }
    if (from?.guards) shown[from.guards].push(item)
    else shown.open.push(item)
  }
  return shown
}

/** Tells of what was filled whether whoever asks may see it: of what he is not shown he cannot know which questions follow from it. */
export async function seenBy(ctx: Context): Promise<(value: Pick<FilledValue, 'path'>) => boolean> {
  const known = new Map((await sourcesOf(ctx)).map((s) => [s.path, s]))
  return ({ path }) => {
    const from = known.get(pathParts(path).source)
    return mayBeShown(ctx, from) && !(from?.guards && ctx.actor.hidden?.has(from.guards))
  }
}

/** What no room knows any more was shown by nobody's leave but that of the form: whoever may read visits sees it. */
const mayBeShown = (ctx: Context, source: Source | undefined): boolean => can(ctx, source?.may ?? 'encounters.read')
