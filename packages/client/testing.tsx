import { type Ask, addressOf, Refusal, type Reply, type Route, statusOf } from '@renxin/kernel'
import { setZone } from '@renxin/ui'
import { draw } from '@renxin/ui/testing'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { RenderResult } from '@testing-library/react'
import type { UserEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { vi } from 'vitest'
import { type Console, ConsolesContext } from './consoles.ts'
import { MeContext, type MeReply, meOf, type Scope } from './me.ts'
import { PatternContext } from './navigation.tsx'
import { fillPath, goTo, matchPath, type SearchValues } from './router.ts'

/** A route and what it answers: a reply, or a function of the input that gives one or throws a `Refusal`. */
export type Answer = readonly [Route, unknown]

/** Checks the reply against the contract: `answer(complaintsApi.list, { rows: [], next: null })`. */
export const answer = <R extends Route>(route: R, reply: Reply<R> | ((input: Ask<R>) => Reply<R> | Promise<Reply<R>>)): Answer => [
  route,
  reply,
]

type Options = {
  /** What one may; everything where it is not said. */
  me?: {
    departments?: readonly string[]
    may?: readonly string[] | Readonly<Record<string, Scope>>
    user?: Partial<MeReply['user']>
    hospital?: Partial<MeReply['hospital']>
    roles?: string[] // their keys
  }
  answers?: readonly Answer[]
  /** The page's path and what is filled into it. */
  path?: string
  params?: Record<string, string>
  search?: SearchValues
  consoles?: readonly Console[]
}

export type Sent = { module: string; name: string; input: Record<string, unknown> }
export type Rendered = RenderResult & {
  user: UserEvent
  /** Every request so far, in order. */
  sent: Sent[]
  /** The inputs with which one route was asked. */
  sentTo: (route: Route) => Record<string, unknown>[]
  /** Path and query where the browser stands. */
  address: () => string
}

const all = new Proxy({}, { get: () => 'hospital' }) as Record<string, Scope>

function makeMe(me: Options['me'] = {}) {
  const permissions =
    me.may === undefined ? all : Array.isArray(me.may) ? Object.fromEntries(me.may.map((p) => [p, 'hospital' as const])) : me.may
  return meOf({
    user: { id: '0190a000-0000-7000-8000-000000000001', name: 'li', displayName: '李护士', personId: null, language: 'zh', ...me.user },
    hospital: { id: 1, name: '仁心示范医院', shortName: '仁心', zone: 'Asia/Shanghai', isDemo: false, ...me.hospital },
    permissions: permissions as Record<string, Scope>, // a list has been made into one above
    roles: (me.roles ?? []).map((key) => ({ id: key, key, name: null })),
    departments: me.departments ?? [],
  })
}

const isInput = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Several values of one name are a list, as the server reads them. */
function queryOf(url: URL): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => {
      const values = url.searchParams.getAll(name)
      return [name, values.length > 1 ? values : values[0]]
    }),
  )
}

function fakeFetch(answers: readonly Answer[], sent: Sent[]) {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input), location.href)
    const method = init?.method ?? 'GET'
    for (const [route, reply] of answers) {
      const params = route.method === method ? matchPath(addressOf(route), url.pathname) : undefined
      if (!params) continue
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : {}
      const asked = { ...queryOf(url), ...(isInput(body) && body), ...params }
      sent.push({ module: route.module, name: route.name, input: asked })
      try {
        return Response.json(await (typeof reply === 'function' ? reply(asked) : reply))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const { code, kind, details } = error
        const status = statusOf[kind]
        return Response.json({ type: 'about:blank', title: code, status, code, requestId: 'test', ...details }, { status })
      }
    }
    return Response.json({ code: 'house.notFound', title: `no answer for ${method} ${url.pathname}`, status: 404 }, { status: 404 })
  }
}

/** Draws a page as the console would, with a server that answers what the test says. */
export function renderPage(page: ReactNode, options: Options = {}): Rendered {
  const { answers = [], path = '/test', params, search, consoles = [] } = options
  const sent: Sent[] = []
  vi.stubGlobal('fetch', vi.fn(fakeFetch(answers, sent)))
  setZone(options.me?.hospital?.zone ?? 'Asia/Shanghai')
  goTo(fillPath(path, params, search), { replace: true, force: true })
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: false, networkMode: 'always' }, mutations: { networkMode: 'always' } },
  })
  const drawn = draw(
    <QueryClientProvider client={queries}>
      <ConsolesContext value={consoles}>
        <MeContext value={makeMe(options.me)}>
          <PatternContext value={path}>
            <main>{page}</main>
          </PatternContext>
        </MeContext>
      </ConsolesContext>
    </QueryClientProvider>,
  )
  return {
    ...drawn,
    sent,
    sentTo: (route) => sent.filter((s) => s.module === route.module && s.name === route.name).map((s) => s.input),
    address: () => location.pathname + location.search,
  }
}
