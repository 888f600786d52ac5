import { Confirm, houseWords } from '@renxin/ui'
import {
  type AnchorHTMLAttributes,
  createContext,
  type MouseEvent,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { useConsoles } from './consoles.ts'
import { fillPath, goBack, goTo, matchPath, presentPlace, type SearchValues, setGuard, usePlace } from './router.ts'

type Params = Readonly<Record<string, string>>

/** The pattern of the page that is shown. */
export const PatternContext = createContext<string | undefined>(undefined)

/** The address of a page by its name. */
export function useAddress(): (page: string, params?: Params, search?: SearchValues) => string {
  const consoles = useConsoles()
  return useCallback(
    (page, params, search) => {
      const spec = consoles.flatMap((c) => c.pages).find((p) => p.name === page)
      return spec ? fillPath(spec.path, params, search) : '/' // a module that is not installed has no page
    },
    [consoles],
  )
}

export type Go = {
  (page: string, params?: Params, search?: SearchValues): void
  /** Back to where somebody came from, or to this page. */
  back: (page: string, params?: Params) => void
}

/** `const go = useGo(); go('patients.file', { id })`. */
export function useGo(): Go {
  const address = useAddress()
  return useMemo(
    () =>
      Object.assign((page: string, params?: Params, search?: SearchValues) => goTo(address(page, params, search)), {
        back: (page: string, params?: Params) => goBack(address(page, params)),
      }),
    [address],
  )
}

/** The parameters in the address of this page. */
export function useParams(): Record<string, string> {
  const pattern = use(PatternContext)
  const { path } = usePlace()
  return useMemo(() => (pattern && matchPath(pattern, path)) || {}, [pattern, path])
}

type GoLinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  to: string
  params?: Params
  search?: SearchValues
  children: ReactNode
}

/** A link to a page by its name; Ctrl+click opens a tab, as with any link. */
export function GoLink({ to, params, search, onClick, children, ...rest }: GoLinkProps) {
  const address = useAddress()(to, params, search)
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || rest.target)
      return
    event.preventDefault()
    goTo(address)
  }
  return (
    <a {...rest} href={address} onClick={go}>
      {children}
    </a>
  )
}

type State = Readonly<Record<string, string | number | boolean | readonly string[] | null>>
/** Literals of the defaults are widened: `{ page: 1 }` may become 2. */
type Wide<T> = { [K in keyof T]: T[K] extends boolean ? boolean : T[K] }

function readState<T extends State>(defaults: T, search: string): T {
  const query = new URLSearchParams(search)
  const read = (name: string, fallback: State[string]): unknown => {
    if (!query.has(name)) return fallback
    const text = query.get(name) ?? ''
    if (Array.isArray(fallback)) return query.getAll(name).filter((v) => v !== '')
    if (typeof fallback === 'boolean') return text === 'true'
    if (typeof fallback === 'number') return Number.isFinite(Number(text)) ? Number(text) : fallback
    return text
  }
  // The same keys as the defaults; the text in an address is checked by whoever reads it (a route refuses a status it does not know).
  return Object.fromEntries(Object.entries(defaults).map(([name, fallback]) => [name, read(name, fallback)])) as T
}

/** What the text in an address says, where it is one of these. */
export const oneOf = <const T extends string>(choices: readonly T[], text: string): T | undefined =>
  choices.find((choice) => choice === text)

const isSame = (a: unknown, b: unknown) => String(a) === String(b)

/**
 * Filters, tab and open record of a page, kept in its address: `const [filters, setFilters] = useUrlState({ status: 'open', unit: '' })`.
 * What is as by default is left out. Never put a name, phone or number of a patient into it.
 */
export function useUrlState<T extends State>(defaults: T): [Wide<T>, (change: Partial<Wide<T>>, options?: { push?: boolean }) => void] {
  const { search } = usePlace()
  const [first] = useState(defaults)
  const state = useMemo(() => readState(first, search), [first, search])
  const change = useCallback(
    (part: Partial<Wide<T>>, options: { push?: boolean } = {}) => {
      const now = presentPlace()
      const query = new URLSearchParams(now.search)
      for (const [name, value] of Object.entries(part)) {
        query.delete(name)
        const fallback = first[name]
        if (value === undefined || isSame(value, fallback ?? '')) continue
        for (const each of Array.isArray(value) ? (value.length > 0 ? value : ['']) : [value ?? '']) query.append(name, String(each))
      }
      goTo(query.size > 0 ? `${now.path}?${query}` : now.path, { replace: !options.push })
    },
    [first],
  )
  return [state as Wide<T>, change]
}

/** Filters of a list that is searched: those in the address hold, what is typed into the form is a draft until somebody searches. */
export function useFilters<T extends State>(none: T) {
  const [filters, setUrl] = useUrlState(none)
  const [draft, setDraft] = useState(filters)
  return {
    filters,
    draft,
    change: (part: Partial<Wide<T>>) => setDraft({ ...draft, ...part }),
    /** What is typed holds, with these changes to it; with all of `none` it begins anew. */
    search: (part: Partial<Wide<T>> = {}) => {
      const next = { ...draft, ...part }
      setDraft(next)
      setUrl(next)
    },
  }
}

/** While something is typed and not saved, leaving the page asks first. Draw what it gives. */
export function useUnsaved(isUnsaved: boolean): ReactNode {
  const [leave, setLeave] = useState<() => void>()
  useEffect(() => {
    if (!isUnsaved) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    setGuard((go) => setLeave(() => go))
    return () => {
      window.removeEventListener('beforeunload', warn)
      setGuard(undefined)
    }
  }, [isUnsaved])
  if (!leave) return null
  return (
    <Confirm
      title={houseWords.unsavedTitle}
      verb={houseWords.discard}
      danger
      cancel={houseWords.keepEditing}
      onConfirm={leave}
      onCancel={() => setLeave(undefined)}
    >
      {houseWords.unsavedText}
    </Confirm>
  )
}
