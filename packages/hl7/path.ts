/** A place in a message: `PV1-3.1`, `PID-5.1.2`, or `PID-3 where CX.5=MR`, the repetition whose fifth component is MR. */
export type Path = {
  readonly segment: string
  readonly field: number
  readonly component?: number
  readonly subcomponent?: number
  readonly where?: { readonly component: number; readonly is: string }
}

const shape = /^([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\.(\d{1,3})(?:\.(\d{1,3}))?)?(?:\s+where\s+(?:[A-Z]{2,3}\.)?(\d{1,3})\s*=\s*([^\s,;，；]+))?/

/** The path at the beginning of a text, and what stands after it; `undefined` where none begins it. */
export function pathAtStart(text: string): { path: Path; rest: string } | undefined {
  const found = shape.exec(text)
  if (!found) return undefined
  const [whole, segment = '', field = '', component, subcomponent, whereComponent, whereIs] = found
  if (Number(field) < 1 || Number(component ?? 1) < 1 || Number(subcomponent ?? 1) < 1) return undefined
  const path: Path = {
    segment,
    field: Number(field),
    ...(component && { component: Number(component) }),
    ...(subcomponent && { subcomponent: Number(subcomponent) }),
    ...(whereComponent && whereIs && { where: { component: Number(whereComponent), is: whereIs } }),
  }
  return { path, rest: text.slice(whole.length) }
}

const known = new Map<string, Path>()

/** The path that a text is, whole. Throws on anything else: paths in code are constants. */
export function pathOf(text: string): Path {
  const before = known.get(text)
  if (before) return before
  const found = pathAtStart(text)
  if (found?.rest !== '') throw new TypeError(`no path of a message: ${text}`)
  if (known.size < 1000) known.set(text, found.path)
  return found.path
}

export const pathText = (p: Path): string =>
  `${p.segment}-${p.field}${p.component ? `.${p.component}` : ''}${p.subcomponent ? `.${p.subcomponent}` : ''}${p.where ? ` where ${p.where.component}=${p.where.is}` : ''}`
