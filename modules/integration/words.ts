import { defineWords } from '@renxin/ui/words'
import { columnsEn, columnsZh } from './columns-words.ts'
import { viewsEn, viewsZh } from './views-words.ts'
import { en } from './words-en.ts'
import { fhirEn, fhirErrorsEn } from './words-fhir-en.ts'
import { fhirErrorsZh, fhirZh } from './words-fhir-zh.ts'
import { healthEn } from './words-health-en.ts'
import { healthZh } from './words-health-zh.ts'
import { importErrorsEn, importsEn } from './words-imports-en.ts'
import { importErrorsZh, importsZh } from './words-imports-zh.ts'
import { interfacesEn } from './words-interfaces-en.ts'
import { interfacesZh } from './words-interfaces-zh.ts'
import { linkErrorsEn, linksEn } from './words-links-en.ts'
import { linkErrorsZh, linksZh } from './words-links-zh.ts'
import { senderEn } from './words-sender-en.ts'
import { senderZh } from './words-sender-zh.ts'
import { writeBackEn } from './words-write-back-en.ts'
import { writeBackZh } from './words-write-back-zh.ts'
import { zh } from './words-zh.ts'

export const words = defineWords('integration', {
  zh: {
    ...zh,
    ...writeBackZh,
    ...interfacesZh,
    ...senderZh,
    interfaces: healthZh,
    fhir: fhirZh,
    links: linksZh,
    columns: columnsZh,
    imports: importsZh,
    views: viewsZh,
    errors: { ...zh.errors, ...fhirErrorsZh, ...linkErrorsZh, ...importErrorsZh, ...viewsZh.errors },
  },
  en: {
    ...en,
    ...writeBackEn,
    ...interfacesEn,
    ...senderEn,
    interfaces: healthEn,
    fhir: fhirEn,
    links: linksEn,
    columns: columnsEn,
    imports: importsEn,
    views: viewsEn,
    errors: { ...en.errors, ...fhirErrorsEn, ...linkErrorsEn, ...importErrorsEn, ...viewsEn.errors },
  },
})
