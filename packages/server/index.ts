export { type AuditEntry, audit, auditMany, blockOf, isSealed } from './audit.ts'
export { type Anchor, anchorAudit, anchorTick, BrokenAnchors, readAnchors } from './audit-anchors.ts'
export { archiveAudit, BrokenBlock } from './audit-archive.ts'
export { retireAudit } from './audit-retire.ts'
export { blockBefore, readSealed, type SealedLook } from './audit-sealed.ts'
export { type Fault, type FaultKind, type Verdict, verifyAudit } from './audit-verify.ts'
export * from './context.ts'
export { oneTransaction, openPool } from './database.ts'
export { Declined, type Trace } from './declined.ts'
export { type Deliverer, deliverOnce, startDeliverer } from './deliver.ts'
export { askDrawnUp } from './drawn-up.ts'
export { emit, emitFacts, emitMany, type Fact, factOf, type Listener, listen, listenMany, type Meta } from './events.ts'
export { hostsOf } from './hosts.ts'
export {
  type House,
  type HouseOptions,
  hospitalOf,
  inHospital,
  keep,
  listHospitals,
  makeHouse,
  nowhere,
} from './house.ts'
export { type Answered, type HttpOptions, openHttp, type Problem, sendProblem } from './http.ts'
export { type Live, makeLive } from './live.ts'
export { type LiveLine, startLiveLine } from './live-line.ts'
export { inTurn } from './locks.ts'
export { makeLog, silentLog } from './log.ts'
export { checkAppRole, findMigrations, migrate } from './migrate.ts'
export { type Authenticator, defineModule, type Module, routesOf, type Tick, tick } from './module.ts'
export { openApi } from './openapi.ts'
export { paged } from './paged.ts'
export { probeAudit, probeOutbox } from './probe.ts'
export { type Backlog, listProcesses, type ProcessFacts, type ProcessRow, readBacklog, startProcess } from './processes.ts'
export { ATTEMPT_COOKIE, credentialOf, DEVICE_COOKIE, doorOf, SESSION_COOKIE } from './request.ts'
export { type Rounds, startRounds } from './rounds.ts'
export { keyFacts } from './secrets/key-facts.ts'
export { makeFirstKeys, readKeys, suiteOfAll } from './secrets/key-list.ts'
export { keysOf } from './secrets/known-keys.ts'
export { finishMaster, wrapUnder } from './secrets/master.ts'
export { lastRotation, type Rotation, resealTick, sealedTables } from './secrets/reseal.ts'
export { rotateKeys } from './secrets/rotate.ts'
export { keyNumberOf, type Suite, suites } from './secrets/suites.ts'
export { blindIndex, type HospitalKeys, isSameText, openText, sealText } from './secrets/texts.ts'
export { fingerprint } from './secrets/wrap.ts'
export { type FileReply, type Served, serve } from './serve.ts'
export { pathParts } from './sources.ts'
export { houseTicks, runTick, startTicks, type Ticker } from './ticks.ts'
export { atEnd, plannedOnce, savepoint, transaction } from './transaction.ts'
export { type Sees, unveiled } from './veil.ts'
export { visibleTo } from './visible.ts'
export {
  allowLoopback,
  askWeb,
  ClosedAddress,
  isClosed,
  isClosedAddress,
  isClosedHost,
  isLoopbackHost,
  openAddress,
  openLookup,
  outsideLookup,
  refuseClosed,
  refuseClosedUrl,
} from './way-out.ts'
