import { type Delimiters, unescapeText } from './escapes.ts'
import { type Path, pathOf } from './path.ts'

/** One line of a message. Fields are counted as the standard counts them: MSH-1 is the field separator. */
export class Segment {
  readonly name: string
  readonly text: string
  readonly delimiters: Delimiters
  #parts: string[] | undefined

  constructor(text: string, delimiters: Delimiters) {
    this.text = text
    this.name = text.slice(0, 3)
    this.delimiters = delimiters
  }

  get #fields(): string[] {
    this.#parts ??= this.text.split(this.delimiters.field)
    return this.#parts
  }

  get #isHeader(): boolean {
    return this.name === 'MSH' || this.name === 'BHS' || this.name === 'FHS'
  }

  /** How many fields are sent. */
  get length(): number {
    return this.#fields.length - (this.#isHeader ? 0 : 1)
  }

  /** The field as it was sent, `''` where there is none. */
  raw(field: number): string {
    if (!this.#isHeader) return this.#fields[field] ?? ''
    return field === 1 ? this.delimiters.field : (this.#fields[field - 1] ?? '')
  }

  /** The repetitions of a field that say something. `""` is dropped too: see `isDeleted`. */
  repetitions(field: number): Repetition[] {
    const raw = this.raw(field)
    if (raw === '' || raw === '""') return []
    if (this.#isHeader && field <= 2) return [new Repetition(raw, this.delimiters)]
    const parts = raw.includes(this.delimiters.repetition) ? raw.split(this.delimiters.repetition) : [raw]
    return parts.filter((part) => part !== '' && part !== '""').map((part) => new Repetition(part, this.delimiters))
  }

  /** The first repetition that says something. */
  first(field: number): Repetition | undefined {
    return this.repetitions(field)[0]
  }

  /** The whole field for a reader: `""` and empty are `undefined`. */
  get(field: number, component?: number, subcomponent?: number): string | undefined {
    const raw = this.raw(field)
    if (raw === '' || raw === '""') return undefined
    if (this.#isHeader && field <= 2) return raw
    if (component === undefined) return unescapeText(raw, this.delimiters)
    return this.first(field)?.get(component, subcomponent)
  }

  /** The sender asks to delete what is known: the field is `""`. */
  isDeleted(field: number): boolean {
    return this.raw(field) === '""'
  }
}

/** One value of a field, with its components. */
export class Repetition {
  readonly text: string
  readonly delimiters: Delimiters
  #parts: string[] | undefined

  constructor(text: string, delimiters: Delimiters) {
    this.text = text
    this.delimiters = delimiters
  }

  get components(): readonly string[] {
    this.#parts ??= this.text.split(this.delimiters.component)
    return this.#parts
  }

  /** A component for a reader. Where sub-components were sent and none is named, it is the first of them. */
  get(component: number, subcomponent = 1): string | undefined {
    const raw = this.components[component - 1]
    if (raw === undefined || raw === '' || raw === '""') return undefined
    const part = raw.includes(this.delimiters.subcomponent)
      ? raw.split(this.delimiters.subcomponent)[subcomponent - 1]
      : subcomponent === 1
        ? raw
        : ''
    return part === undefined || part === '' ? undefined : unescapeText(part, this.delimiters)
  }

  /** The component with the sub-components that it has, for a reader. */
  whole(component: number): string | undefined {
    const raw = this.components[component - 1]
    return raw === undefined || raw === '' || raw === '""' ? undefined : unescapeText(raw, this.delimiters)
  }
}

/** A message of any version, type and delimiters. Nothing is split before it is asked for. */
export class Message {
  readonly segments: readonly Segment[]
  readonly delimiters: Delimiters
  #byName: Map<string, Segment[]> | undefined

  constructor(segments: readonly Segment[], delimiters: Delimiters) {
    this.segments = segments
    this.delimiters = delimiters
  }

  /** The message as it was sent, its lines ended by CR. */
  get text(): string {
    return `${this.segments.map((s) => s.text).join('\r')}\r`
  }

  all(name: string): readonly Segment[] {
    if (!this.#byName) {
      this.#byName = new Map()
      for (const segment of this.segments) {
        const same = this.#byName.get(segment.name)
        if (same) same.push(segment)
        else this.#byName.set(segment.name, [segment])
      }
    }
    return this.#byName.get(name) ?? []
  }

  first(name: string): Segment | undefined {
    return this.#byName ? this.#byName.get(name)?.[0] : this.segments.find((s) => s.name === name)
  }

  /** What a path leads to, for a reader; `undefined` where nothing is sent or it is `""`. */
  get(where: string | Path): string | undefined {
    const path = typeof where === 'string' ? pathOf(where) : where
    if (!path.where) return this.first(path.segment)?.get(path.field, path.component, path.subcomponent)
    return this.find(path)?.get(path.component ?? 1, path.subcomponent)
  }

  /** The repetition that a path leads to: the first, or the first for which its condition holds. */
  find(where: string | Path): Repetition | undefined {
    const path = typeof where === 'string' ? pathOf(where) : where
    const repetitions = this.first(path.segment)?.repetitions(path.field) ?? []
    const { where: condition } = path
    return condition ? repetitions.find((r) => r.get(condition.component) === condition.is) : repetitions[0]
  }

  isDeleted(where: string | Path): boolean {
    const path = typeof where === 'string' ? pathOf(where) : where
    return this.first(path.segment)?.isDeleted(path.field) ?? false
  }

  get type(): string {
    return this.get('MSH-9.1') ?? ''
  }
  /** The event of MSH-9. EVN-1 is not asked: many senders copy it wrong. */
  get event(): string {
    return this.get('MSH-9.2') ?? ''
  }
  get structure(): string {
    return this.get('MSH-9.3') ?? ''
  }
  get controlId(): string {
    return this.get('MSH-10.1') ?? ''
  }
  get version(): string {
    return this.get('MSH-12.1') ?? ''
  }
  get application(): string {
    return this.get('MSH-3.1') ?? ''
  }
  get facility(): string {
    return this.get('MSH-4.1') ?? ''
  }
}
