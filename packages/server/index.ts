export { type AuditEntry, audit, auditMany, blockOf, isSealed } from './audit.ts'
export { type Anchor, anchorAudit, anchorTick, readAnchors } from './audit-anchors.ts'
export { archiveAudit, BrokenBlock } from './audit-archive.ts'
export { type Fault, type FaultKind, type Verdict, verifyAudit } from './audit-verify.ts'
export * from './context.ts'
export { openPool } from './database.ts'
export { type Deliverer, deliverOnce, startDeliverer } from './deliver.ts'
export { emit, emitFacts, emitMany, type Fact, factOf, type Listener, listen, listenMany, type Meta } from './events.ts'
export { Declined } from './exchange.ts'
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
export { makeLog, silentLog } from './log.ts'
export { checkAppRole, findMigrations, migrate } from './migrate.ts'
export { type Authenticator, defineModule, type Module, routesOf, type Tick, tick } from './module.ts'
export { openApi } from './openapi.ts'
export { paged } from './paged.ts'
export { probeAudit, probeOutbox } from './probe.ts'
export { type Backlog, listProcesses, type ProcessFacts, type ProcessRow, readBacklog, startProcess } from './processes.ts'
export { credentialOf, DEVICE_COOKIE, doorOf, SESSION_COOKIE } from './request.ts'
export { blindIndex, fingerprint, hospitalKeys, openText, sealText } from './secrets.ts'
export { type FileReply, type Served, serve } from './serve.ts'
export { houseTicks, runTick, startTicks, type Ticker } from './ticks.ts'
export { atEnd, savepoint, transaction } from './transaction.ts'
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
