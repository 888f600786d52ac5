import { defineWords } from '@renxin/ui/words'
import { en } from './words-en.ts'
import { zh } from './words-zh.ts'

export const words = defineWords('integration', { zh, en })
