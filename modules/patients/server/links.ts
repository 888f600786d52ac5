/** What was last said of two files: who survives where they are one person, or `null` where they are two. */
export type Link = { oneId: string; otherId: string; survivorId: string | null; saidAt: Date; choices: Choices | null }

/** Field → the file whose value a person chose, and what every file of the two said then, as fingerprints. */
export type Choices = Record<string, { from: string; seen: Record<string, string> }>

export const pairOf = (a: string, b: string): { oneId: string; otherId: string } =>
  a < b ? { oneId: a, otherId: b } : { oneId: b, otherId: a }

/**
 * Whether what is known of a pair stands against this word. The later one counts, whichever came first; of two of one moment the one that keeps
 * two people apart, then the one of the two survivors of whom `parentsOf` would say so too.
 */
export function stands(known: Link | undefined, word: Pick<Link, 'survivorId' | 'saidAt'>): boolean {
  if (!known) return false
  const [knownAt, at] = [known.saidAt.getTime(), word.saidAt.getTime()]
  if (knownAt !== at) return knownAt > at
  if (known.survivorId === word.survivorId) return false
  return word.survivorId !== null && (known.survivorId === null || known.survivorId > word.survivorId)
}

type Step = { to: string; link: Link }

const isLater = (a: Step, b: Step) => {
  const [at, bt] = [a.link.saidAt.getTime(), b.link.saidAt.getTime()]
  return at === bt ? a.to > b.to : at > bt
}

/**
 * Into which file each one was merged: by the latest word about it, whatever the order in which the words came. Where they lead in a circle, the
 * newest of them says who survives.
 */
export function parentsOf(links: readonly Link[]): Map<string, string> {
  const steps = new Map<string, Step>()
  for (const link of links) {
    if (!link.survivorId) continue
    const from = link.survivorId === link.oneId ? link.otherId : link.oneId
    const step = { to: link.survivorId, link }
    const known = steps.get(from)
    if (!known || isLater(step, known)) steps.set(from, step)
  }
  for (const start of [...steps.keys()].sort()) openCircle(steps, start)
  return new Map([...steps].map(([from, { to }]) => [from, to]))
}

function openCircle(steps: Map<string, Step>, start: string): void {
  const way: string[] = []
  for (let at: string | undefined = start; at !== undefined; at = steps.get(at)?.to) {
    if (!way.includes(at)) {
      way.push(at)
      continue
    }
    const circle = way.slice(way.indexOf(at)).flatMap((id) => steps.get(id) ?? [])
    const newest = circle.reduce((a, b) => (isLater(b, a) ? b : a))
    steps.delete(newest.to)
    return
  }
}

/** The file at the end of the way. */
export function rootOf(parents: ReadonlyMap<string, string>, id: string): string {
  let at = id
  for (let next = parents.get(at); next !== undefined; next = parents.get(at)) at = next
  return at
}
