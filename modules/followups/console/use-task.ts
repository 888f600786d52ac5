import { useRead } from '@renxin/client'
import { useEffect } from 'react'
import { followupsApi } from '../contract.ts'

/** One task, read again also when an opinion changed: a complaint that is open holds its call. */
export const useTask = (id: string) => useRead(followupsApi.task, { id }, { enabled: id !== '', alsoOf: ['feedback'] })

const FILLED_ANEW_MS = 60_000

/** A form that the hospital's records fill in follows them while somebody works on it. Their news come all day long; once a minute is soon enough for a conversation. */
export function useReadAgain(isFilled: boolean, reload: () => Promise<unknown>) {
  useEffect(() => {
    if (!isFilled) return
    const timer = setInterval(() => void reload(), FILLED_ANEW_MS)
    return () => clearInterval(timer)
  }, [isFilled, reload])
}
