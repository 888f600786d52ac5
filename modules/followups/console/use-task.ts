import { useRead } from '@renxin/client'
import { followupsApi } from '../contract.ts'

/** One task, read again also when an opinion changed: a complaint that is open holds its call. */
export const useTask = (id: string) => useRead(followupsApi.task, { id }, { enabled: id !== '', alsoOf: ['feedback'] })
