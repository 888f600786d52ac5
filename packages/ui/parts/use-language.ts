import { useSyncExternalStore } from 'react'
import { type Language, language, onLanguage } from '../words.ts'

/** The present language; what uses it is drawn again when it changes. */
export const useLanguage = (): Language => useSyncExternalStore(onLanguage, language, language)
