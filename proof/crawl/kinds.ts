import { addressOf, pathParams, type Route } from '@renxin/kernel'
import { z } from 'zod'

/** What a field of an input names: an object that must be there, or a thing that is made under an id of the caller's choice (`isNew`). */
export type Named = { path: string; kind: string; isNew: boolean }

/** What `id` means, route by route; `+` before a kind: the caller makes it. */
const ofId: Readonly<Record<string, string>> = {
  user: 'access: user updateUser setRoles disableUser enableUser resetPassword sessions endSessions resetSecondFactor',
  '+user': 'access: createUser',
  role: 'access: changeRole restoreRole retireRole reviveRole',
  '+role': 'access: createRole',
  '+temporaryRole': 'access: giveTemporaryRole',
  temporaryRole: 'access: endTemporaryRole',
  session: 'access: endMySession',
  client: 'access: revokeClient',
  '+client': 'access: createClient',
  apiKey: 'access: revokeApiKey',
  '+apiKey': 'access: createApiKey',
  auditEntry: 'access: auditEntry',
  exportRequest: 'access: decideExport',
  '+campus': 'staff: saveCampus',
  '+ward': 'staff: saveUnit',
  person: 'staff: person',
  '+person': 'staff: savePerson',
  patient: 'patients: card file head oneOfTrail',
  '+patient': 'patients: register',
  '+contact': 'patients: addContact',
  '+tag': 'patients: saveTag',
  '+caution': 'patients: addCaution',
  '+field': 'patients: saveField',
  '+identityClass': 'patients: saveIdentityClass',
  '+savedView': 'patients: saveView',
  savedView: 'patients: removeView',
  '+segment': 'patients: saveSegment',
  '+kinPerson': 'patients: savePerson',
  kinPerson: 'patients: revealPersonPhone',
  emergency: 'patients: reviewEmergency',
  unusualLook: 'patients: decideUnusual',
  right: 'patients: rightsRequest takeCopy decideCorrection weighErasure erase refuseRight withdrawRight',
  '+right': 'patients: recordRight',
  file: 'files: download remove',
  '+file': 'files: attach',
  complaint:
    'files: list; feedback: complaint assign answer sendBack verify close reopen addRectification finishRectification verifyRectification',
  stay: 'encounters: file fields setFields; followups: checkFile saveCheck',
  report: 'encounters: report reportFile viewImages',
  document: 'encounters: document documentFile',
  archive: 'encounters: removeArchive testArchive',
  '+archive': 'encounters: saveArchive',
  questionnaire: 'surveys: questionnaire saveDraft publish copy disable enable',
  '+questionnaire': 'surveys: create takeTemplate',
  version: 'surveys: version exportVersion',
  response: 'surveys: response answerVersions',
  '+category': 'feedback: saveCategory',
  opinion: 'feedback: opinion amend withdraw',
  '+opinion': 'feedback: record',
  task: 'followups: task taskContent dial saveDraft recordOutcome complete urgesOfTask',
  doneTask: 'followups: review acceptTask returnTask correctTask mendTask checkQuality qualityOfTask',
  '+bulk': 'followups: beginBulk',
  bulk: 'followups: undoBulk',
  draw: 'followups: draw redraw',
  cohort: 'followups: cohort describeCohort addVisits closeCohort cohortVisits cohortItems cohortMembers setMember exportCohort',
  draftCohort: 'followups: discardCohort freezeCohort',
  '+cohort': 'followups: saveCohort',
  flag: 'followups: flag takeFlag closeFlag giveFlag',
  '+extra': 'followups: saveExtra',
  '+news': 'followups: saveNews',
  programme: 'followups: programme activate disable',
  '+programme': 'followups: saveProgramme',
  '+blackout': 'followups: saveBlackout',
  blackout: 'followups: removeBlackout',
  leave: 'followups: endLeave',
  '+leave': 'followups: saveLeave',
  message: 'integration: message raw mend replay setAside',
  sender: 'integration: saveSender',
  '+destination': 'integration: saveDestination',
  destination: 'integration: testDestination',
  correction: 'integration: confirmCorrection declineCorrection',
  '+run': 'integration: remedy startReplay',
  run: 'integration: stopRun',
  '+screenLink': 'integration: saveScreenLink',
  screenLink: 'integration: testScreenLink makeLink',
  hook: 'integration: pauseHook resumeHook',
  import: 'integration: importFile setColumns check reopen importRows editRow mendRows applyImport discard undoImport downloadFailed',
  '+import': 'integration: upload',
  '+dropFolder': 'integration: saveDropFolder',
  '+source': 'integration: saveSource',
  '+view': 'integration: saveView',
  view: 'integration: viewRows reread reload',
  '+question': 'integration: ask',
  question: 'integration: answer',
}

/** What a field of this name means wherever it stands. */
const ofName: Readonly<Record<string, string>> = {
  patientId: 'patient',
  otherId: 'twin',
  retiredId: 'twin',
  encounterId: 'stay',
  departmentId: 'department',
  departmentIds: 'department',
  wardId: 'ward',
  wardIds: 'ward',
  unitId: 'ward',
  unitIds: 'ward',
  campusId: 'campus',
  personId: 'person',
  personIds: 'person',
  attendingIds: 'person',
  responsibleId: 'person',
  userId: 'user',
  actorId: 'user',
  assigneeId: 'user',
  doctorId: 'user',
  nurseId: 'user',
  accountId: 'user',
  aloneGroupId: 'tag',
  ownerId: 'user',
  groupId: 'segment',
  extraId: 'extra',
  formerId: 'response',
  responseId: '+response',
  checkId: '+check',
  toldNews: 'news',
  among: 'user',
  roleIds: 'role',
  rolesOf: 'person',
  roleId: 'role',
  copyOf: 'role',
  sensitiveUnitIds: 'ward',
  tagId: 'tag',
  tagIds: 'tag',
  flagTags: 'tag',
  segmentId: 'segment',
  segmentIds: 'segment',
  fieldId: 'field',
  contactId: 'contact',
  mergeId: 'merge',
  conflictId: 'conflict',
  cautionId: 'caution',
  categoryId: 'category',
  rectificationId: 'rectification',
  questionnaireId: 'questionnaire',
  versionId: 'version',
  programmeId: 'programme',
  ids: 'task',
  attemptId: '+attempt',
  newId: '+questionnaire',
  aboutId: 'complaint',
  senderId: 'sender',
  destinationId: 'destination',
  eventId: 'line',
  folderId: 'dropFolder',
  sourceId: 'source',
  viewId: 'view',
  link: 'screenLink',
}

/** The same name, another meaning. */
const ofPath: Readonly<Record<string, string>> = {
  'patients.tiesOfPerson personId': 'kinPerson',
  'patients.tiePerson personId': 'kinPerson',
  'patients.untiePerson personId': 'kinPerson',
  'feedback.addRectification rectificationId': '+rectification',
  'surveys.publish versionId': '+version',
  'surveys.takeTemplate versionId': '+version',
  'followups.complete response.id': '+response',
  'followups.checkQuality versionId': 'qualityVersion',
  'followups.seeUrges ids': 'urge',
  'followups.saveLeave body.toId': 'standIn',
  'followups.complete extras.id': '+response',
  'followups.undoPostpone tasks.id': 'task',
  'integration.replayAll after': 'message',
  'feedback.record origin.id': 'task',
  'patients.merge choices': 'contact',
}

/** Parameters of addresses that are no ids: what stands there. */
export const plainParams: Readonly<Record<string, string | number>> = {
  'staff.saveHolidays year': 2026,
  'files.list kind': 'feedback.complaint',
  'files.attach aboutKind': 'feedback.complaint',
  'integration.editRow number': 2,
  'surveys.template key': 'asthma',
  'surveys.takeTemplate key': 'asthma',
  'surveys.renewTemplate key': 'asthma',
  'integration.saveFloor door': 'imports',
}

const idTable = new Map(
  Object.entries(ofId).flatMap(([kind, said]) =>
    said.split('; ').flatMap((part) => {
      const [module = '', names = ''] = part.split(': ')
      return names.split(' ').map((name): [string, string] => [`${module}.${name}`, kind])
    }),
  ),
)

type Schema = {
  type?: string
  format?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  additionalProperties?: Schema | boolean
  required?: string[]
  const?: unknown
  enum?: unknown[]
  minimum?: number
  minLength?: number
  minItems?: number
}

export const schemaOf = (route: Route): Schema => z.toJSONSchema(route.input, { io: 'input', unrepresentable: 'any' }) as Schema // what zod writes

/** Every place of an input where an id stands, and what it names; a place that nobody explained is a fault with the route's name. */
export function namedIn(route: Route): { named: Named[]; faults: string[] } {
  const name = `${route.module}.${route.name}`
  const [named, faults]: [Named[], string[]] = [[], []]
  for (const path of idPaths(schemaOf(route), '')) {
    const kind = kindOf(name, path)
    if (kind) named.push({ path, kind: kind.replace('+', ''), isNew: kind.startsWith('+') })
    else faults.push(`${name}: the crawler knows no object for ${path}`)
  }
  if (route.isExchange) return { named, faults }
  for (const param of pathParams(addressOf(route)))
    if (!named.some((n) => n.path === param) && !(`${name} ${param}` in plainParams))
      faults.push(`${name}: the crawler knows nothing to put for :${param}`)
  return { named, faults }
}

function kindOf(name: string, path: string): string | undefined {
  const last = path.split('.').at(-1) ?? ''
  return ofPath[`${name} ${path}`] ?? (path === 'id' ? idTable.get(name) : ofName[last])
}

function idPaths(schema: Schema, at: string): string[] {
  const below = (s: Schema, key: string) => idPaths(s, at ? `${at}.${key}` : key)
  const found = [
    ...(schema.format === 'uuid' ? [at] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, s]) => below(s, key)),
    ...(schema.items ? idPaths(schema.items, at) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((s) => idPaths(s, at)),
    ...(typeof schema.additionalProperties === 'object' ? idPaths(schema.additionalProperties, at) : []),
  ]
  return [...new Set(found)]
}

/** What the tables explain and no route has. */
export function staleKinds(routes: readonly Route[]): string[] {
  const names = new Set(routes.map((r) => `${r.module}.${r.name}`))
  return [...idTable.keys(), ...Object.keys(ofPath), ...Object.keys(plainParams)].filter((key) => !names.has(key.split(' ')[0] ?? ''))
}
