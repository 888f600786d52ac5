import { addressOf, contract, get, page, post } from '@renxin/kernel'
import { openApi, routesOf } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { makeSetup } from '@renxin/setup'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { modules } from './modules.ts'
import { faultsOfRoute, type Known, staleReasons } from './route-faults.ts'

const idle = {
  state: () => {
    throw new Error('nothing is simulated here')
  },
  start: async () => {},
  stop: async () => {},
}
const noBackups = { state: idle.state, begin: () => false }
const noMachine = {
  places: [],
  auditPlace: '',
  now: () => new Date(0),
  memory: () => ({ availableBytes: 0, totalBytes: 0 }),
  isClockKept: async () => null,
  certificateUntil: async () => null,
  doors: async () => ({ rows: [] }),
  knock: async () => ({ ok: true, what: '' }),
  readBackup: async () => '',
}
const { setup } = makeSetup({
  prepare: async () => {},
  hospitalsChanged: () => {},
  demoErased: async () => {},
  version: 'test',
  simulator: idle,
  backups: noBackups,
  machine: noMachine,
  rotateKeys: async () => undefined,
})
const house = await openHouse(modules, { prepare: true })
const granted = await house.sql<{ permission: string }>('select distinct permission from access.grants')
const routes = routesOf([...modules, setup])

const known: Known = {
  permissions: new Set(granted.map((g) => g.permission)),
  open: {
    'access.hospitals': 'the sign-in page offers the hospitals',
    'access.demoAccounts': 'the sign-in page of a demo offers its accounts; others answer nothing',
    'access.signIn': 'nobody is signed in before',
    'access.ssoButton': 'the sign-in page offers the button before anybody has signed in',
    'access.beginSso': 'nobody is signed in before; it sends the browser to the provider',
    'access.finishSso': 'nobody is signed in before; the provider says who it is',
    'access.confirmSso': 'the second half of a sign-in, in the browser of the first',
    'access.signOut': 'one’s own session',
    'access.signOutEverywhere': 'one’s own sessions',
    'access.mySessions': 'one’s own sessions',
    'access.ownExportRequests': 'what one asked to take oneself',
    'access.exportNotices': 'how many exports wait for oneself',
    'access.endMySession': 'one’s own sessions',
    'access.lock': 'one’s own session',
    'access.unlock': 'the session of this browser, by the PIN of its owner',
    'access.beginSecondFactor': 'one’s own, after the password',
    'access.confirmSecondFactor': 'one’s own',
    'access.removeSecondFactor': 'one’s own, after the password',
    'access.setPin': 'one’s own, after the password',
    'access.rules': 'whoever sets a password must know what is asked of it',
    'access.me': 'oneself',
    'access.endViewing': 'one’s own session',
    'access.setLanguage': 'oneself',
    'access.changePassword': 'oneself',
    'access.switchPersona': 'accounts of a demo only; every other hospital refuses',
    'access.signOutBySso': 'the hospital’s provider of single sign-on says so by its signature',
    'integration.fhirCapabilities': 'what the server can do is asked before a key is used; it names no patient',
    'integration.arrive': 'whoever comes by a signed address has not signed in yet; the signature says who sent him',
    'integration.fhirSmart': 'where a token is got is asked before there is one',
    'integration.fhirToken': 'who asks proves by his signature who he is; he has no token before',
    'setup.state': 'the first page asks whether there is a hospital',
    'setup.found': 'without a hospital there is nobody to permit it; the one-time token does',
  },
  auditsItself: {
    'files.download': 'a file; the handler leaves the audit row of its patient',
    'encounters.reportFile': 'a file; the handler leaves the audit row of its patient',
    'encounters.documentFile': 'as above',
    'integration.downloadFailed': 'the rows of a file that were not taken; an export is noted with its reason',
    'patients.people': 'contacts who are no patients; the handler names each whom it shows as the object of an audit row',
    'patients.savePerson': 'a contact who is no patient, named as the object of the audit row that every write leaves',
    'surveys.exportVersion': 'a questionnaire, without answers',
    'access.exportAudit': 'rows of the audit; the handler leaves a row for each patient whom they name',
    'patients.exportUnusual': 'rows of unusual looks; the handler leaves a row for each patient whom they name',
    'followups.exportFrames': 'visits by their ids and strata, as they were drawn from; no patient is named',
    'followups.exportCohort': 'data of a study, by numbers drawn by lot; the handler leaves a row for each patient whom they are of',
    'followups.exportQuality': 'how calls were led, by whoever led them; no patient is named',
    'followups.exportResult': 'counts by department and level; no visit and no patient is named',
    'analytics.export': 'the figures of the dashboard, without rows',
    'surveys.exportAnalyses': 'shares, means and cross tables of a questionnaire, without rows',
    'analytics.exportAppraisal': 'how follow-up was done by level, unit, person and class, without rows',
    'analytics.exportRevisits': 'rates by department, doctor and diagnosis, without rows',
    'analytics.exportRevisitRanking': 'doctors by their rates, without rows',
    'access.signOutBySso': 'accounts; the handler leaves a row for each that was signed out',
    'integration.fhirCapabilities': 'what the server can do; no patient is in it',
    'integration.fhirSmart': 'where a token is got; no patient is in it',
    'integration.fhirToken': 'a token; no patient is in it',
    'integration.fhirBundle': 'a FHIR exchange; the handler audits each patient whom it shows or changes',
    'integration.fhirSearch': 'as above',
    'integration.fhirSearchByPost': 'as above',
    'integration.fhirHistoryOfType': 'as above',
    'integration.fhirRead': 'as above',
    'integration.fhirHistory': 'as above',
    'integration.fhirReadVersion': 'as above',
    'integration.fhirEverything': 'as above',
    'integration.fhirCreate': 'as above',
    'integration.fhirUpdate': 'as above',
    'integration.fhirUpdateWhere': 'as above',
    'integration.fhirPatch': 'as above',
    'integration.fhirPatchWhere': 'as above',
    'integration.fhirDelete': 'as above',
    'integration.fhirDeleteWhere': 'as above',
  },
}

test('every route names a permission that some role has, every patient it shows is named to the audit, and what it asks can be said in an address', () => {
  expect(routes.length).toBeGreaterThan(100)
  expect(routes.flatMap((route) => faultsOfRoute(route, known))).toEqual([])
  expect(staleReasons(routes, known)).toEqual([])
})

test('a promise that breaks a rule is caught', () => {
  const person = z.object({ id: z.uuid(), patientName: z.string() })
  const planted = contract('planted', {
    free: get('/free', { may: 'anyone', reply: z.object({}) }),
    unknownPermission: get('/unknown', { may: 'planted.nobodyHasThis', reply: z.object({ n: z.int() }) }),
    hidden: get('/hidden', { may: 'patients.read', reply: page(z.object({ stay: z.object({ people: z.array(person) }).nullable() })) }),
    wrongField: get('/wrong', { may: 'patients.read', about: 'patientID', reply: page(person) }),
    tooDeep: get('/deep', {
      may: 'patients.read',
      about: 'id',
      reply: z.object({ id: z.uuid(), stay: z.object({ patientId: z.uuid() }) }),
    }),
    anything: get('/anything', { may: 'patients.read', reply: z.unknown() }),
    noParam: post('/of/:id', { may: 'patients.read', reply: z.object({}) }),
    unsayable: get('/unsayable', {
      may: 'patients.read',
      input: z.object({ open: z.literal(true).optional(), n: z.int(), year: z.coerce.number().int(), late: z.stringbool().optional() }),
      reply: z.object({ n: z.int() }),
    }),
  })

  const faults = Object.values(planted).flatMap((route) => faultsOfRoute(route, known))

  expect(faults).toEqual([
    'planted.free: open to anyone without a reason',
    'planted.unknownPermission: no role has planted.nobodyHasThis',
    'planted.hidden: shows rows.stay.people.patientName without about',
    'planted.wrongField: about names patientID, which neither the reply nor the input has',
    'planted.tooDeep: the audit does not reach stay.patientId',
    'planted.anything: what it shows is not said, and about is missing',
    'planted.noParam: the address has :id, the input has not',
    'planted.unsayable: open is no text, and an address says nothing else',
    'planted.unsayable: n is no text, and an address says nothing else',
  ])
})

test('every route is described in OpenAPI, under an address of its own', () => {
  const described = openApi(routes)

  const paths = Object.values(described.paths as Record<string, Record<string, { operationId: string; parameters: { in: string }[] }>>)
  const operations = paths.flatMap((p) => Object.values(p))
  expect(operations.map((o) => o.operationId).toSorted()).toEqual(routes.map((r) => `${r.module}.${r.name}`).toSorted())
  expect(() => JSON.stringify(described)).not.toThrow()
  const addresses = routes.map((r) => `${r.method} ${addressOf(r)}`)
  expect(addresses.filter((a, i) => addresses.indexOf(a) !== i)).toEqual([])
})
