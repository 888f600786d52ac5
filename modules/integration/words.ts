import { defineWords } from '@renxin/ui/words'
import { columnsEn, columnsZh } from './columns-words.ts'
import { en } from './words-en.ts'
import { zh } from './words-zh.ts'

export const words = defineWords('integration', { zh: { ...zh, columns: columnsZh }, en: { ...en, columns: columnsEn } })
