import { useRead, useWrite } from '@renxin/client'
import type { Ask } from '@renxin/kernel'
import { newId } from '@renxin/kernel'
import { useEffect, useState } from 'react'
import { type Answer, viewsApi } from '../../views-contract.ts'

const PATIENCE_MS = 40_000

type About = Omit<Ask<typeof viewsApi.ask>, 'id'>

/** Asks a source something and waits for the answer, which comes from whoever reads the sources. */
export function useQuestion() {
  const [id, setId] = useState('')
  const [answer, setAnswer] = useState<Answer>()
  const [isLate, setLate] = useState(false)
  const asking = useWrite(viewsApi.ask, { onSuccess: (asked) => setId(asked.id) })
  const isWaiting = id !== '' && !answer && !isLate
  const read = useRead(viewsApi.answer, { id }, { enabled: isWaiting, everySeconds: 0.7 })
  const found = read.data?.answer
  useEffect(() => {
    if (found && id !== '') setAnswer(found)
  }, [found, id])
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return {
    answer,
    isLate,
    isWaiting: asking.isSending || isWaiting,
    error: asking.error ?? read.error,
    ask: (about: About) => {
      setId('')
      setAnswer(undefined)
      setLate(false)
      asking.send({ id: newId(), ...about })
    },
  }
}
