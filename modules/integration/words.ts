import { defineWords } from '@renxin/ui/words'
import { columnsEn, columnsZh } from './columns-words.ts'
import { en } from './words-en.ts'
import { writeBackEn } from './words-write-back-en.ts'
import { writeBackZh } from './words-write-back-zh.ts'
import { zh } from './words-zh.ts'

export const words = defineWords('integration', {
  zh: { ...zh, ...writeBackZh, columns: columnsZh },
  en: { ...en, ...writeBackEn, columns: columnsEn },
})
