import type { Ask, Page, Reply, Route } from '@renxin/kernel'
import { keepPreviousData, QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from './call.ts'
import { isLive } from './live.ts'
import { Problem } from './problem.ts'

/** One cache for what was read, keyed by module, route and input. */
export const makeQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        networkMode: 'always', // a hospital's network has no internet, which browsers mistake for being offline
        retry: (failures, error) => failures < 2 && error instanceof Problem && (error.kind === 'network' || error.kind === 'unavailable'),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })

export type Read<T> = {
  data: T | undefined
  error: Error | null
  /** Nothing is there yet. */
  isLoading: boolean
  /** Being read, for the first time or again. */
  isFetching: boolean
  reload: () => Promise<unknown>
}

export type ReadOptions = {
  /** `false` reads nothing yet: the input is not known. */
  enabled?: boolean
  /** What was read for the input before stays until the new is there. */
  keep?: boolean
  /** Reads again every so many seconds, for what no module announces. */
  everySeconds?: number
  /** Further modules whose changes are seen in the answer. */
  alsoOf?: readonly string[]
}

/** Reads a route; reads it again when its module changed, here or elsewhere. */
export function useRead<R extends Route>(route: R, input: Ask<R>, options: ReadOptions = {}): Read<Reply<R>> {
  const { enabled = true, keep = false, everySeconds, alsoOf } = options
  const query = useQuery<Reply<R>>({
    queryKey: [route.module, route.name, input],
    queryFn: ({ signal }) => call(route, input, { signal }),
    enabled,
    ...(alsoOf && { meta: { alsoOf } }),
    ...(keep && { placeholderData: keepPreviousData }),
    ...(everySeconds !== undefined && { refetchInterval: everySeconds * 1000 }),
  })
  const { data, error, isFetching, refetch } = query
  return { data, error, isLoading: enabled && data === undefined && error === null, isFetching, reload: refetch }
}

type Rowed<R extends Route> = Reply<R> extends Page<infer T> ? T : never

export type List<T> = Omit<Read<never>, 'data'> & {
  rows: T[]
  hasMore: boolean
  isLoadingMore: boolean
  total: number | undefined
  /** When the first page was read, where the route says it. */
  asOf: string | undefined
  more: () => Promise<unknown>
}

/** Reads a list page by page; `more()` adds the next page to the rows. */
export function useList<R extends Route>(route: R, input: Ask<R>, options: ReadOptions = {}): List<Rowed<R>> {
  const { enabled = true, keep = false, everySeconds } = options
  type Answer = Page<Rowed<R>> & { total?: number; asOf?: string }
  const query = useInfiniteQuery({
    queryKey: [route.module, route.name, input, 'pages'],
    // The route is a list by its reply, which `Rowed` has checked.
    queryFn: ({ signal, pageParam }) =>
      call(route, { ...(input as object), ...(pageParam && { after: pageParam }) } as Ask<R>, { signal }) as Promise<Answer>,
    initialPageParam: '',
    getNextPageParam: (last: Answer) => last.next ?? undefined,
    enabled,
    ...(keep && { placeholderData: keepPreviousData }),
    ...(everySeconds !== undefined && { refetchInterval: everySeconds * 1000 }),
  })
  const { data, error, isFetching, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap((p) => p.rows) ?? [], [data])
  return {
    rows,
    total: data?.pages[0]?.total,
    asOf: data?.pages[0]?.asOf,
    error,
    isLoading: enabled && data === undefined && error === null,
    isFetching,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    more: () => (hasNextPage && !isFetchingNextPage ? fetchNextPage() : Promise.resolve()),
    reload: refetch,
  }
}

type WriteOptions<R extends Route> = {
  onSuccess?: (reply: Reply<R>, input: Ask<R>) => void
  onError?: (problem: Problem, input: Ask<R>) => void
}

export type Write<R extends Route> = {
  /** Sends; a second press while it is under way sends nothing. What went wrong is in `error`. */
  send: (input: Ask<R>) => void
  /** The same, for a caller that waits; rejects with the `Problem`. */
  sendAsync: (input: Ask<R>) => Promise<Reply<R>>
  error: Problem | null
  isSending: boolean
  reset: () => void
}

/** Writes through a route. What was read of the module is read again afterwards; other modules' changes are told by the server. */
export function useWrite<R extends Route>(route: R, options: WriteOptions<R> = {}): Write<R> {
  const queries = useQueryClient()
  const mutation = useMutation<Reply<R>, Problem, Ask<R>>({
    mutationFn: (input) => call(route, input),
    onSuccess: (reply, input) => {
      // Without live updates nobody tells what else has changed, so everything on the page is read again.
      if (!route.isQuiet) queries.invalidateQueries(isLive() ? { queryKey: [route.module] } : {})
      options.onSuccess?.(reply, input)
    },
    onError: (problem, input) => options.onError?.(problem, input),
  })
  const { mutate, mutateAsync, error, isPending, reset } = mutation
  return {
    send: (input) => {
      if (!isPending) mutate(input)
    },
    sendAsync: mutateAsync,
    error,
    isSending: isPending,
    reset,
  }
}

/** Reads everything of a module again, after something that no route did. */
export function useReload(): (module: string) => void {
  const queries = useQueryClient()
  return (module) => void queries.invalidateQueries({ queryKey: [module] })
}
