import { type Shape, shapeOf } from './datatypes.ts'
import { type Path, pathOf } from './path.ts'

export type ParameterType = 'token' | 'string' | 'date' | 'reference' | 'quantity' | 'number' | 'uri'
export type Parameter = { name: string; type: ParameterType; paths: readonly Path[]; targets: readonly string[] }
export type Definition = { type: string; shape: Shape; parameters: ReadonlyMap<string, Parameter> }

/** A resource type: what of it is checked, and by what it is found (`name type path|path`; a reference may name its targets after `>`). */
type Written = { has?: string; by?: string[] }

const PATIENT = 'patient reference subject|patient >Patient'
const SUBJECT = 'subject reference subject >Patient,Group,Device,Location'
const ENCOUNTER = 'encounter reference encounter >Encounter'
const IDENTIFIER = 'identifier token identifier'
const STATUS = 'status token status'
const CODE = 'code token code'
const CATEGORY = 'category token category'

const written: Readonly<Record<string, Written>> = {
  Patient: {
    has: `identifier:Identifier* active:boolean name:HumanName* telecom:ContactPoint* gender:code(male|female|other|unknown) birthDate:date
      address:Address* maritalStatus:CodeableConcept contact:Element* communication:Element* generalPractitioner:Reference* managingOrganization:Reference link:Element*`,
    by: [
      IDENTIFIER,
      'name string name',
      'family string name.family',
      'given string name.given',
      'telecom token telecom',
      'phone token telecom[system=phone]',
      'email token telecom[system=email]',
      'birthdate date birthDate',
      'gender token gender',
      'active token active',
      'deceased token deceased[x]',
      'death-date date deceasedDateTime',
      'address-city string address.city',
      'address-state string address.state',
      'address-postalcode string address.postalCode',
      'address-country string address.country',
      'language token communication.language',
      'general-practitioner reference generalPractitioner >Practitioner,PractitionerRole,Organization',
      'organization reference managingOrganization >Organization',
      'link reference link.other >Patient,RelatedPerson',
    ],
  },
  RelatedPerson: {
    has: `identifier:Identifier* active:boolean patient:Reference! relationship:CodeableConcept* name:HumanName* telecom:ContactPoint*
      gender:code(male|female|other|unknown) birthDate:date address:Address* period:Period`,
    by: [
      IDENTIFIER,
      PATIENT,
      'name string name',
      'telecom token telecom',
      'phone token telecom[system=phone]',
      'birthdate date birthDate',
      'gender token gender',
      'active token active',
      'relationship token relationship',
    ],
  },
  Practitioner: {
    has: `identifier:Identifier* active:boolean name:HumanName* telecom:ContactPoint* address:Address* gender:code(male|female|other|unknown)
      birthDate:date qualification:Element* communication:CodeableConcept*`,
    by: [
      IDENTIFIER,
      'name string name',
      'family string name.family',
      'given string name.given',
      'active token active',
      'gender token gender',
      'telecom token telecom',
      'phone token telecom[system=phone]',
    ],
  },
  PractitionerRole: {
    has: `identifier:Identifier* active:boolean period:Period practitioner:Reference organization:Reference code:CodeableConcept*
      specialty:CodeableConcept* location:Reference* healthcareService:Reference* telecom:ContactPoint*`,
    by: [
      IDENTIFIER,
      'active token active',
      'practitioner reference practitioner >Practitioner',
      'organization reference organization >Organization',
      'location reference location >Location',
      'role token code',
      'specialty token specialty',
      'date date period',
    ],
  },
  Organization: {
    has: `identifier:Identifier* active:boolean type:CodeableConcept* name:string alias:string* telecom:ContactPoint* address:Address*
      partOf:Reference contact:Element*`,
    by: [
      IDENTIFIER,
      'name string name|alias',
      'active token active',
      'type token type',
      'partof reference partOf >Organization',
      'address-city string address.city',
      'address-state string address.state',
    ],
  },
  Location: {
    has: `identifier:Identifier* status:code(active|suspended|inactive) operationalStatus:Coding name:string alias:string* description:string
      mode:code(instance|kind) type:CodeableConcept* telecom:ContactPoint* address:Address physicalType:CodeableConcept
      managingOrganization:Reference partOf:Reference`,
    by: [
      IDENTIFIER,
      'name string name|alias',
      STATUS,
      'type token type',
      'organization reference managingOrganization >Organization',
      'partof reference partOf >Location',
      'address-city string address.city',
    ],
  },
  Encounter: {
    has: `identifier:Identifier* status:code(planned|arrived|triaged|in-progress|onleave|finished|cancelled|entered-in-error|unknown)!
      statusHistory:Element* class:Coding! classHistory:Element* type:CodeableConcept* serviceType:CodeableConcept priority:CodeableConcept
      subject:Reference episodeOfCare:Reference* basedOn:Reference* participant:Element* appointment:Reference* period:Period length:Quantity
      reasonCode:CodeableConcept* reasonReference:Reference* diagnosis:Element* account:Reference* hospitalization:Element location:Element*
      serviceProvider:Reference partOf:Reference`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      STATUS,
      'class token class',
      'date date period',
      'type token type',
      'reason-code token reasonCode',
      'participant reference participant.individual >Practitioner,PractitionerRole,RelatedPerson',
      'practitioner reference participant.individual >Practitioner',
      'location reference location.location >Location',
      'service-provider reference serviceProvider >Organization',
      'episode-of-care reference episodeOfCare >EpisodeOfCare',
      'appointment reference appointment >Appointment',
      'diagnosis reference diagnosis.condition >Condition,Procedure',
      'part-of reference partOf >Encounter',
    ],
  },
  EpisodeOfCare: {
    has: `identifier:Identifier* status:code(planned|waitlist|active|onhold|finished|cancelled|entered-in-error)! type:CodeableConcept*
      diagnosis:Element* patient:Reference! managingOrganization:Reference period:Period referralRequest:Reference* careManager:Reference
      team:Reference* account:Reference*`,
    by: [
      IDENTIFIER,
      PATIENT,
      STATUS,
      'date date period',
      'type token type',
      'care-manager reference careManager >Practitioner',
      'organization reference managingOrganization >Organization',
      'condition reference diagnosis.condition >Condition',
    ],
  },
  Condition: {
    has: `identifier:Identifier* clinicalStatus:CodeableConcept verificationStatus:CodeableConcept category:CodeableConcept* severity:CodeableConcept
      code:CodeableConcept bodySite:CodeableConcept* subject:Reference! encounter:Reference recordedDate:dateTime recorder:Reference asserter:Reference
      stage:Element* evidence:Element* note:Annotation*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      CODE,
      CATEGORY,
      'clinical-status token clinicalStatus',
      'verification-status token verificationStatus',
      'severity token severity',
      'onset-date date onsetDateTime|onsetPeriod',
      'abatement-date date abatementDateTime|abatementPeriod',
      'recorded-date date recordedDate',
      'asserter reference asserter >Practitioner,PractitionerRole,Patient,RelatedPerson',
    ],
  },
  Procedure: {
    has: `identifier:Identifier* basedOn:Reference* partOf:Reference*
      status:code(preparation|in-progress|not-done|on-hold|stopped|completed|entered-in-error|unknown)! category:CodeableConcept
      code:CodeableConcept subject:Reference! encounter:Reference performer:Element* location:Reference reasonCode:CodeableConcept*
      reasonReference:Reference* bodySite:CodeableConcept* outcome:CodeableConcept report:Reference* note:Annotation*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      CODE,
      STATUS,
      CATEGORY,
      'date date performed[x]',
      'performer reference performer.actor >Practitioner,PractitionerRole,Organization,Patient',
      'based-on reference basedOn >CarePlan,ServiceRequest',
    ],
  },
  Observation: {
    has: `identifier:Identifier* basedOn:Reference* partOf:Reference*
      status:code(registered|preliminary|final|amended|corrected|cancelled|entered-in-error|unknown)! category:CodeableConcept*
      code:CodeableConcept! subject:Reference focus:Reference* encounter:Reference issued:instant performer:Reference* interpretation:CodeableConcept*
      note:Annotation* bodySite:CodeableConcept method:CodeableConcept specimen:Reference device:Reference referenceRange:Element*
      hasMember:Reference* derivedFrom:Reference* component:Element*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      CODE,
      STATUS,
      CATEGORY,
      'date date effective[x]',
      'value-quantity quantity valueQuantity',
      'value-concept token valueCodeableConcept',
      'value-string string valueString',
      'component-code token component.code',
      'component-value-quantity quantity component.valueQuantity',
      'combo-code token code|component.code',
      'performer reference performer >Practitioner,PractitionerRole,Organization,Patient',
      'has-member reference hasMember >Observation,QuestionnaireResponse',
      'derived-from reference derivedFrom',
      'based-on reference basedOn',
    ],
  },
  DiagnosticReport: {
    has: `identifier:Identifier* basedOn:Reference*
      status:code(registered|partial|preliminary|final|amended|corrected|appended|cancelled|entered-in-error|unknown)! category:CodeableConcept*
      code:CodeableConcept! subject:Reference encounter:Reference issued:instant performer:Reference* resultsInterpreter:Reference* specimen:Reference*
      result:Reference* imagingStudy:Reference* media:Element* conclusion:string conclusionCode:CodeableConcept* presentedForm:Attachment*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      CODE,
      STATUS,
      CATEGORY,
      'date date effective[x]',
      'issued date issued',
      'result reference result >Observation',
      'conclusion token conclusionCode',
      'performer reference performer >Practitioner,PractitionerRole,Organization',
      'based-on reference basedOn',
    ],
  },
  DocumentReference: {
    has: `masterIdentifier:Identifier identifier:Identifier* status:code(current|superseded|entered-in-error)! docStatus:code type:CodeableConcept
      category:CodeableConcept* subject:Reference date:instant author:Reference* authenticator:Reference custodian:Reference relatesTo:Element*
      description:string securityLabel:CodeableConcept* content:Element*! context:Element`,
    by: [
      'identifier token identifier|masterIdentifier',
      PATIENT,
      SUBJECT,
      'encounter reference context.encounter >Encounter',
      STATUS,
      CATEGORY,
      'type token type',
      'date date date',
      'author reference author >Practitioner,PractitionerRole,Organization,Patient',
      'contenttype token content.attachment.contentType',
      'period date context.period',
    ],
  },
  AllergyIntolerance: {
    has: `identifier:Identifier* clinicalStatus:CodeableConcept verificationStatus:CodeableConcept type:code(allergy|intolerance)
      category:code(food|medication|environment|biologic)* criticality:code(low|high|unable-to-assess) code:CodeableConcept patient:Reference!
      encounter:Reference recordedDate:dateTime recorder:Reference asserter:Reference lastOccurrence:dateTime note:Annotation* reaction:Element*`,
    by: [
      IDENTIFIER,
      PATIENT,
      'code token code|reaction.substance',
      'clinical-status token clinicalStatus',
      'verification-status token verificationStatus',
      'criticality token criticality',
      'type token type',
      CATEGORY,
      'date date recordedDate',
      'manifestation token reaction.manifestation',
    ],
  },
  MedicationRequest: {
    has: `identifier:Identifier* status:code(active|on-hold|cancelled|completed|entered-in-error|stopped|draft|unknown)!
      intent:code(proposal|plan|order|original-order|reflex-order|filler-order|instance-order|option)! category:CodeableConcept* priority:code
      reportedBoolean:boolean subject:Reference! encounter:Reference authoredOn:dateTime requester:Reference performer:Reference reasonCode:CodeableConcept*
      reasonReference:Reference* note:Annotation* dosageInstruction:Element* dispenseRequest:Element substitution:Element`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      STATUS,
      CATEGORY,
      'intent token intent',
      'priority token priority',
      'code token medicationCodeableConcept',
      'medication reference medicationReference >Medication',
      'authoredon date authoredOn',
      'requester reference requester >Practitioner,PractitionerRole,Organization',
    ],
  },
  ServiceRequest: {
    has: `identifier:Identifier* status:code(draft|active|on-hold|revoked|completed|entered-in-error|unknown)!
      intent:code(proposal|plan|directive|order|original-order|reflex-order|filler-order|instance-order|option)! category:CodeableConcept* priority:code
      doNotPerform:boolean code:CodeableConcept subject:Reference! encounter:Reference authoredOn:dateTime requester:Reference performer:Reference*
      reasonCode:CodeableConcept* specimen:Reference* note:Annotation*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      CODE,
      STATUS,
      CATEGORY,
      'intent token intent',
      'priority token priority',
      'authored date authoredOn',
      'occurrence date occurrence[x]',
      'requester reference requester >Practitioner,PractitionerRole,Organization',
    ],
  },
  Coverage: {
    has: `identifier:Identifier* status:code(active|cancelled|draft|entered-in-error)! type:CodeableConcept policyHolder:Reference subscriber:Reference
      subscriberId:string beneficiary:Reference! dependent:string relationship:CodeableConcept period:Period payor:Reference*! class:Element*
      order:integer network:string`,
    by: [
      IDENTIFIER,
      'patient reference beneficiary >Patient',
      'beneficiary reference beneficiary >Patient',
      STATUS,
      'type token type',
      'payor reference payor >Organization,Patient,RelatedPerson',
      'subscriber reference subscriber >Patient,RelatedPerson',
    ],
  },
  Appointment: {
    has: `identifier:Identifier* status:code(proposed|pending|booked|arrived|fulfilled|cancelled|noshow|entered-in-error|checked-in|waitlist)!
      cancelationReason:CodeableConcept serviceCategory:CodeableConcept* serviceType:CodeableConcept* specialty:CodeableConcept*
      appointmentType:CodeableConcept reasonCode:CodeableConcept* priority:integer description:string start:instant end:instant minutesDuration:integer
      slot:Reference* created:dateTime comment:string patientInstruction:string basedOn:Reference* participant:Element*! requestedPeriod:Period*`,
    by: [
      IDENTIFIER,
      'patient reference participant.actor >Patient',
      'actor reference participant.actor >Patient,Practitioner,PractitionerRole,Location',
      'practitioner reference participant.actor >Practitioner',
      'location reference participant.actor >Location',
      STATUS,
      'date date start',
      'service-type token serviceType',
      'specialty token specialty',
      'slot reference slot >Slot',
    ],
  },
  Slot: {
    has: `identifier:Identifier* serviceCategory:CodeableConcept* serviceType:CodeableConcept* specialty:CodeableConcept*
      appointmentType:CodeableConcept schedule:Reference! status:code(busy|free|busy-unavailable|busy-tentative|entered-in-error)! start:instant!
      end:instant! overbooked:boolean comment:string`,
    by: [
      IDENTIFIER,
      STATUS,
      'schedule reference schedule >Schedule',
      'start date start',
      'service-type token serviceType',
      'specialty token specialty',
    ],
  },
  Schedule: {
    has: `identifier:Identifier* active:boolean serviceCategory:CodeableConcept* serviceType:CodeableConcept* specialty:CodeableConcept*
      actor:Reference*! planningHorizon:Period comment:string`,
    by: [
      IDENTIFIER,
      'active token active',
      'actor reference actor >Practitioner,PractitionerRole,Location,Patient',
      'date date planningHorizon',
      'service-type token serviceType',
      'specialty token specialty',
    ],
  },
  Questionnaire: {
    has: `url:uri identifier:Identifier* version:string name:string title:string status:code(draft|active|retired|unknown)! subjectType:code*
      date:dateTime publisher:string description:string item:Element*`,
    by: [
      IDENTIFIER,
      STATUS,
      'url uri url',
      'title string title',
      'name string name',
      'version token version',
      'date date date',
      'publisher string publisher',
    ],
  },
  QuestionnaireResponse: {
    has: `identifier:Identifier basedOn:Reference* partOf:Reference* questionnaire:uri
      status:code(in-progress|completed|amended|entered-in-error|stopped)! subject:Reference encounter:Reference authored:dateTime author:Reference
      source:Reference item:Element*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      STATUS,
      'questionnaire reference questionnaire >Questionnaire',
      'authored date authored',
      'author reference author >Practitioner,PractitionerRole,Patient,RelatedPerson,Organization',
      'source reference source >Patient,Practitioner,PractitionerRole,RelatedPerson',
    ],
  },
  Task: {
    has: `identifier:Identifier* basedOn:Reference* groupIdentifier:Identifier partOf:Reference*
      status:code(draft|requested|received|accepted|rejected|ready|cancelled|in-progress|on-hold|failed|completed|entered-in-error)!
      statusReason:CodeableConcept businessStatus:CodeableConcept
      intent:code(unknown|proposal|plan|order|original-order|reflex-order|filler-order|instance-order|option)! priority:code code:CodeableConcept
      description:string focus:Reference for:Reference encounter:Reference executionPeriod:Period authoredOn:dateTime lastModified:dateTime
      requester:Reference performerType:CodeableConcept* owner:Reference location:Reference note:Annotation* restriction:Element input:Element*
      output:Element*`,
    by: [
      IDENTIFIER,
      'patient reference for >Patient',
      'subject reference for >Patient',
      ENCOUNTER,
      STATUS,
      CODE,
      'intent token intent',
      'priority token priority',
      'business-status token businessStatus',
      'authored-on date authoredOn',
      'modified date lastModified',
      'period date executionPeriod',
      'owner reference owner >Practitioner,PractitionerRole,Organization',
      'requester reference requester',
      'focus reference focus',
    ],
  },
  Communication: {
    has: `identifier:Identifier* basedOn:Reference* partOf:Reference* inResponseTo:Reference*
      status:code(preparation|in-progress|not-done|on-hold|stopped|completed|entered-in-error|unknown)! statusReason:CodeableConcept
      category:CodeableConcept* priority:code medium:CodeableConcept* subject:Reference topic:CodeableConcept encounter:Reference sent:dateTime
      received:dateTime recipient:Reference* sender:Reference reasonCode:CodeableConcept* payload:Element* note:Annotation*`,
    by: [
      IDENTIFIER,
      PATIENT,
      SUBJECT,
      ENCOUNTER,
      STATUS,
      CATEGORY,
      'medium token medium',
      'sent date sent',
      'received date received',
      'sender reference sender',
      'recipient reference recipient',
      'based-on reference basedOn',
      'part-of reference partOf',
    ],
  },
  Consent: {
    has: `identifier:Identifier* status:code(draft|proposed|active|rejected|inactive|entered-in-error)! scope:CodeableConcept! category:CodeableConcept*!
      patient:Reference dateTime:dateTime performer:Reference* organization:Reference* policy:Element* policyRule:CodeableConcept
      verification:Element* provision:Element`,
    by: [
      IDENTIFIER,
      PATIENT,
      STATUS,
      CATEGORY,
      'scope token scope',
      'date date dateTime',
      'purpose token provision.purpose',
      'action token provision.action',
      'period date provision.period',
      'organization reference organization >Organization',
    ],
  },
  Flag: {
    has: `identifier:Identifier* status:code(active|inactive|entered-in-error)! category:CodeableConcept* code:CodeableConcept! subject:Reference!
      period:Period encounter:Reference author:Reference`,
    by: [IDENTIFIER, PATIENT, SUBJECT, ENCOUNTER, STATUS, CODE, CATEGORY, 'date date period', 'author reference author'],
  },
  Subscription: {
    has: `status:code(requested|active|error|off)! contact:ContactPoint* end:instant reason:string! criteria:string! error:string channel:Element!`,
    by: [STATUS, 'criteria string criteria', 'url uri channel.endpoint', 'type token channel.type'],
  },
}

/** Kept and found by the usual parameters; the product does nothing with them. */
const keptOnly =
  `Account ActivityDefinition AppointmentResponse Basic BodyStructure CarePlan CareTeam Claim ClaimResponse ClinicalImpression
  CommunicationRequest Composition DetectedIssue Device DeviceRequest Endpoint ExplanationOfBenefit FamilyMemberHistory Goal Group GuidanceResponse
  HealthcareService ImagingStudy Immunization ImmunizationRecommendation Invoice List Media Medication MedicationAdministration MedicationDispense
  MedicationStatement NutritionOrder PaymentNotice Person PlanDefinition Provenance RequestGroup ResearchStudy ResearchSubject
  RiskAssessment Specimen SupplyRequest VisionPrescription`.split(/\s+/)

const usual = [IDENTIFIER, PATIENT, SUBJECT, ENCOUNTER, STATUS, 'code token code|vaccineCode|medicationCodeableConcept', 'type token type']

function define(type: string, { has = '', by = [] }: Written): Definition {
  const all = ['_id token id', '_lastUpdated date meta.lastUpdated', '_tag token meta.tag', '_profile uri meta.profile', ...by]
  const parameters = all.map((line): [string, Parameter] => {
    const [name = '', kind = '', paths = '', targets = ''] = line.split(' ')
    return [
      name,
      { name, type: kind as ParameterType, paths: paths.split('|').map(pathOf), targets: targets.slice(1).split(',').filter(Boolean) },
    ] // written above
  })
  return { type, shape: has.trim() ? shapeOf(has) : new Map(), parameters: new Map(parameters) }
}

/** Every resource type that is taken, by its name. */
export const definitions: ReadonlyMap<string, Definition> = new Map(
  [...Object.entries(written), ...keptOnly.map((type): [string, Written] => [type, { by: usual }])].map(([type, what]) => [
    type,
    define(type, what),
  ]),
)

/** The types that the product itself has a place for. */
export const mainTypes: readonly string[] = Object.keys(written)
