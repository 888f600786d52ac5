export { base64Of } from './base64.ts'
export { call, download, fetchShown, onSignedOut, requestOf, type Shown } from './call.ts'
export {
  type Console,
  ConsolesContext,
  defineConsole,
  type MenuGroup,
  mayAny,
  type PageSpec,
  type PanelSpec,
  useConsoles,
} from './consoles.ts'
export { type Connection, goLive, isLive, useConnection } from './live.ts'
export { type Me, MeContext, type MeReply, meOf, type Scope, useMe } from './me.ts'
export { type Go, GoLink, oneOf, PatternContext, useAddress, useFilters, useGo, useParams, useUnsaved, useUrlState } from './navigation.tsx'
export { Panels, usePanels } from './panels.tsx'
export { Problem } from './problem.ts'
export { type List, makeQueries, type Read, type ReadOptions, useList, useRead, useReload, useWrite, type Write } from './queries.ts'
export { goBack, goTo, matchPath, type Place, type SearchValues, usePlace } from './router.ts'
