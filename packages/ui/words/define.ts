import i18next from 'i18next'

export type Language = 'zh' | 'en'

export type Tree = { readonly [key: string]: string | Tree }
/** The names in a sentence's double braces: `'{{n}} 项'` has `n`. */
type Names<S extends string> = S extends `${string}{{${infer N}}}${infer Rest}` ? N | Names<Rest> : never
type Say<S extends string> = [Names<S>] extends [never] ? string : (values: { readonly [N in Names<S>]: string | number }) => string
type Spoken<T> = { readonly [K in keyof T]: T[K] extends string ? Say<T[K]> : Spoken<T[K]> }
export type SameKeys<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> }

/** The sentence for a refusal, by its code; the house's own where the module has none. Nothing for no error. */
export type SentenceOf = (error: unknown) => string | undefined
export type Words<T> = Spoken<T> & { readonly of: SentenceOf }
export type Catalogue = { module: string; zh: Tree; en: Tree }

const memory = 'renxin.language'
const store = () => (typeof localStorage === 'undefined' ? undefined : localStorage)
const remembered = (): Language => {
  try {
    return store()?.getItem(memory) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // a browser that forbids storage still speaks
  }
}

const speaker = i18next.createInstance()
speaker.init({
  lng: remembered(),
  fallbackLng: false,
  initAsync: false,
  resources: {},
  interpolation: { escapeValue: false }, // React escapes; twice would show entities
})

const known = new Map<string, Catalogue>()
const listeners = new Set<() => void>()

/** Every module's sentences that were defined so far, for the test over all of them. */
export const catalogues = (): Catalogue[] => [...known.values()]

export const language = (): Language => (speaker.language === 'en' ? 'en' : 'zh')

export function setLanguage(next: Language): void {
  if (next !== language()) speaker.changeLanguage(next) // resources are at hand, so it is done at once
  try {
    store()?.setItem(memory, next)
  } catch {} // it then lasts until the page is closed
  if (typeof document !== 'undefined') document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  for (const told of listeners) told()
}

export function onLanguage(told: () => void): () => void {
  listeners.add(told)
  return () => listeners.delete(told)
}

const say = (module: string, key: string, values?: Readonly<Record<string, unknown>>) => speaker.t(key, { ...values, ns: module })

/** What the catalogue says for this key, if it has it. */
export const find = (module: string, key: string, values?: Readonly<Record<string, unknown>>): string | undefined =>
  known.has(module) && speaker.exists(key, { ns: module }) ? say(module, key, values) : undefined

function spoken(module: string, tree: Tree, path: string): Record<string, unknown> {
  const words = {}
  for (const [name, text] of Object.entries(tree)) {
    const key = path + name
    if (typeof text !== 'string') Object.defineProperty(words, name, { value: spoken(module, text, `${key}.`), enumerable: true })
    else if (text.includes('{{'))
      Object.defineProperty(words, name, { value: (values: Record<string, unknown>) => say(module, key, values), enumerable: true })
    else Object.defineProperty(words, name, { get: () => say(module, key), enumerable: true })
  }
  return words
}

/** Registers the sentences and gives them as properties that speak the present language. */
export function speak<const Z extends Tree>(module: string, texts: { zh: Z; en: SameKeys<Z> }, of: SentenceOf): Words<Z> {
  known.set(module, { module, zh: texts.zh, en: texts.en as Tree }) // the same keys, each with a string
  speaker.addResourceBundle('zh', module, texts.zh, true, true)
  speaker.addResourceBundle('en', module, texts.en, true, true)
  return Object.assign(spoken(module, texts.zh, ''), { of }) as Words<Z> // one property for each key of `zh`
}
