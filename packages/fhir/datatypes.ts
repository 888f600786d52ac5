/**
 * The parts of FHIR R4 resources that are checked, in a short hand: `name:Type`, `*` may repeat, `!` must be there, `code(a|b)` one of these.
 * What is not named here is taken as it comes.
 */
export type Shape = ReadonlyMap<string, Field>
export type Field = { type: string; isList: boolean; isRequired: boolean; codes: readonly string[] | undefined }

const FIELD = /^([\w[\]]+):(\w+)(?:\(([^)]*)\))?(\*?)(!?)$/

export function shapeOf(text: string): Shape {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((word): [string, Field] => {
        const [, name = '', type = '', codes, star, bang] = FIELD.exec(word) ?? []
        if (!name) throw new Error(`no field is described by ${word}`)
        return [name, { type, isList: star === '*', isRequired: bang === '!', codes: codes?.split('|') }]
      }),
  )
}

export const datatypes: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    Identifier: 'use:code system:uri value:string type:CodeableConcept period:Period assigner:Reference',
    HumanName: 'use:code text:string family:string given:string* prefix:string* suffix:string* period:Period',
    ContactPoint: 'system:code value:string use:code rank:integer period:Period',
    Address:
      'use:code type:code text:string line:string* city:string district:string state:string postalCode:string country:string period:Period',
    CodeableConcept: 'coding:Coding* text:string',
    Coding: 'system:uri version:string code:code display:string userSelected:boolean',
    Reference: 'reference:string type:uri identifier:Identifier display:string',
    Period: 'start:dateTime end:dateTime',
    Quantity: 'value:decimal comparator:code unit:string system:uri code:code',
    Attachment: 'contentType:code language:code data:string url:uri size:integer hash:string title:string creation:dateTime',
    Meta: 'versionId:string lastUpdated:instant source:uri profile:uri* security:Coding* tag:Coding*',
    Narrative: 'status:code div:string',
    Extension: 'url:uri',
    Annotation: 'time:dateTime text:string',
  }).map(([name, text]) => [name, shapeOf(text)]),
)

/** What every resource may have. */
export const everyResource = shapeOf(
  'id:id meta:Meta implicitRules:uri language:code text:Narrative contained:Resource* extension:Extension* modifierExtension:Extension*',
)

const TEXT = /\S/
const patterns: Readonly<Record<string, RegExp>> = {
  id: /^[A-Za-z0-9.-]{1,64}$/,
  code: /^\S+( \S+)*$/,
  uri: /^\S*$/,
  string: TEXT,
}

/** Whether a text can be a value of this primitive type; dates are judged by their own reader. */
export const fits = (type: string, text: string): boolean => patterns[type]?.test(text) ?? true
