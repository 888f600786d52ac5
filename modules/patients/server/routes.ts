import { serve } from '@renxin/server'
import {
  duplicatesApi,
  emergencyApi,
  fieldsApi,
  identityApi,
  listsApi,
  overviewApi,
  patientsApi,
  peopleApi,
  privacyApi,
  reachApi,
  rightsApi,
  segmentsApi,
  trailApi,
  unusualApi,
} from '../contract.ts'
import { getCard } from './cards.ts'
import { addCaution, endCaution } from './cautions.ts'
import { countGaps, listGapPatients } from './contact-gaps.ts'
import { addContact, changeContact, revealPhoneOnFile } from './contacts.ts'
import { dismissDuplicate, getPair, listDuplicates } from './duplicates.ts'
import { listEmergencies, openEmergency, reviewEmergency } from './emergency.ts'
import { fieldsOfPatient, revealField, setFieldsOfPatient } from './fields/by-hand.ts'
import { listFields, saveField } from './fields/definitions.ts'
import { getFile } from './file.ts'
import { visibleId } from './get-patient.ts'
import { getHead } from './head.ts'
import { householdOf } from './household.ts'
import { listClasses, listUnlisted, saveClass } from './identity/classes.ts'
import { countPatients, listChoices, listPatients } from './lists/list.ts'
import { listViews, removeView, saveView } from './lists/views.ts'
import { dismissConflict, listTags, refuse, saveTag, tagPatient } from './marks.ts'
import { mergeByHand } from './merge.ts'
import { partByHand } from './part.ts'
import { listPeople, peopleOfPatient, revealPersonPhone, savePerson, tiePerson, tiesOfPerson, untiePerson } from './people.ts'
import { classify, listClassed, privacyOf } from './privacy/classify.ts'
import { addStaffNumbers, getRules, saveRules } from './privacy/rules.ts'
import { changePatient, markDeceased, registerByForm, revealAddress, revealIdentityCard, revealReligion } from './register.ts'
import { carryOut, weighErasure } from './rights/carry-out.ts'
import { correct } from './rights/decide.ts'
import { getRequest, getTerm, listRequests, recordRequest, refuseRequest, saveTerm, withdrawRequest } from './rights/requests.ts'
import { takeCopy } from './rights/take-copy.ts'
import { search } from './search.ts'
import { listMembers, listSegments, markPatient, saveSegment } from './segments/segments.ts'
import { changeSettings, getSettings } from './settings.ts'
import { timeline } from './timeline.ts'
import { patientOfTrail, patientsOfTrail } from './trail.ts'
import { exportUnusual } from './unusual/export.ts'
import { countUnusual, decideUnusual, listUnusual } from './unusual/looks.ts'
import { getUnusualSettings, saveUnusualSettings } from './unusual/settings.ts'
import { viewersOf } from './viewers.ts'

const overview = serve(overviewApi, { head: getHead, addCaution, endCaution, viewers: viewersOf })

const lists = serve(listsApi, { count: countPatients, choices: listChoices, views: listViews, saveView, removeView })

const segments = serve(segmentsApi, { segments: listSegments, saveSegment, members: listMembers, mark: markPatient })

const fields = serve(fieldsApi, {
  fields: async (ctx) => ({ rows: await listFields(ctx) }),
  saveField,
  fieldValues: fieldsOfPatient,
  setFields: setFieldsOfPatient,
  revealField,
})

const identity = serve(identityApi, { identityClasses: listClasses, unlistedClasses: listUnlisted, saveIdentityClass: saveClass })

const duplicates = serve(duplicatesApi, { duplicates: listDuplicates, duplicatePair: getPair, dismissDuplicate })

const reach = serve(reachApi, { contactGaps: countGaps, gapPatients: listGapPatients, household: householdOf })

const trail = serve(trailApi, { ofTrail: patientsOfTrail, oneOfTrail: patientOfTrail })

const people = serve(peopleApi, {
  people: listPeople,
  savePerson,
  revealPersonPhone,
  tiesOfPerson,
  peopleOfPatient,
  tiePerson,
  untiePerson,
})

const privacy = serve(privacyApi, {
  privacy: privacyOf,
  classify,
  classed: listClassed,
  privacyRules: (ctx) => getRules(ctx),
  savePrivacyRules: saveRules,
  addStaffNumbers,
})

const rights = serve(rightsApi, {
  rightsRequests: listRequests,
  rightsRequest: (ctx, { id }) => getRequest(ctx, id),
  recordRight: recordRequest,
  takeCopy,
  decideCorrection: correct,
  weighErasure,
  erase: carryOut,
  refuseRight: refuseRequest,
  withdrawRight: withdrawRequest,
  rightsTerm: (ctx) => getTerm(ctx),
  saveRightsTerm: saveTerm,
})

const file = serve(patientsApi, {
  search,
  list: listPatients,
  card: (ctx, { id }) => getCard(ctx, id),
  file: (ctx, { id }) => getFile(ctx, id),
  timeline,
  register: registerByForm,
  change: changePatient,
  markDeceased,
  addContact,
  changeContact,
  revealPhone: revealPhoneOnFile,
  revealIdentityCard,
  revealAddress,
  revealReligion,
  refuse,
  tags: listTags,
  saveTag,
  tag: tagPatient,
  merge: async (ctx, { patientId, retiredId, reason, choices = {} }) =>
    mergeByHand(ctx, { survivorId: await visibleId(ctx, patientId), retiredId: await visibleId(ctx, retiredId), reason, choices }),
  part: partByHand,
  dismissConflict,
  settings: getSettings,
  changeSettings,
})

const emergency = serve(emergencyApi, { openEmergency, emergencies: listEmergencies, reviewEmergency })

const unusual = serve(unusualApi, {
  unusual: listUnusual,
  unusualCounts: countUnusual,
  decideUnusual,
  exportUnusual,
  unusualSettings: getUnusualSettings,
  saveUnusualSettings,
})

export const routes = [
  ...file,
  ...overview,
  ...fields,
  ...identity,
  ...duplicates,
  ...lists,
  ...segments,
  ...reach,
  ...people,
  ...rights,
  ...privacy,
  ...trail,
  ...emergency,
  ...unusual,
]
