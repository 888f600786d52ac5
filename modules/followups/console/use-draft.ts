import { call, Problem } from '@renxin/client'
import type { Answers } from '@renxin/surveys/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Draft, followupsApi } from '../contract.ts'
import { copyOf } from './content/use-content.ts'

const AGAIN_MS = 5000 // when the network was gone
const REST_MS = 800 // after typing rests; with the way to the server it is kept well within two seconds

type Said = { answers: Answers; extras: Readonly<Record<string, Answers>>; note: string }
type Conflict = { byName: string; at: string; revision: number }

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * What the nurse answers and notes, kept on the server by itself. One saving is under way at a time; what is typed meanwhile goes with the
 * next. Where somebody else has saved since, nothing is overwritten: `conflict` asks which of the two to use.
 */
export function useDraft(taskId: string, draft: Draft | null, versionId: string | null, isOwn: boolean) {
  const [said, setSaid] = useState<Said>({ answers: draft?.answers ?? {}, extras: draft?.extras ?? {}, note: draft?.note ?? '' })
  const [savedAt, setSavedAt] = useState(draft?.savedAt ?? null)
  const [state, setState] = useState<'clean' | 'typed' | 'saving' | 'failed'>('clean')
  const [conflict, setConflict] = useState<Conflict>()
  const latest = useRef(said)
  const revision = useRef(draft?.revision ?? 0)
  const isSaving = useRef(false)
  const isTyped = useRef(false)
  const isEnded = useRef(false)

  const save = useCallback(async () => {
    if (isSaving.current || !isTyped.current || isEnded.current) return
    isSaving.current = true
    isTyped.current = false
    setState('saving')
    try {
      const kept = await call(followupsApi.saveDraft, {
        id: taskId,
        revision: revision.current,
        versionId,
        answers: copyOf(latest.current.answers),
        extras: Object.fromEntries(Object.entries(latest.current.extras).map(([id, given]) => [id, copyOf(given)])),
        note: latest.current.note,
      })
      revision.current = kept.revision
      setSavedAt(kept.savedAt)
      setState(isTyped.current ? 'typed' : 'clean')
    } catch (problem) {
      isTyped.current = true
      setState('failed')
      if (problem instanceof Problem && problem.code === 'followups.draftChanged') {
        const { byName, at, revision: theirs } = problem.details
        setConflict({ byName: textOf(byName), at: textOf(at), revision: typeof theirs === 'number' ? theirs : 0 })
      }
    } finally {
      isSaving.current = false
    }
  }, [taskId, versionId])

  useEffect(() => {
    if ((state !== 'typed' && state !== 'failed') || conflict || !isOwn) return
    const timer = setTimeout(save, state === 'typed' ? REST_MS : AGAIN_MS)
    return () => clearTimeout(timer)
  }, [state, said, conflict, isOwn, save])
  useEffect(() => () => void save(), [save]) // leaving the task keeps the last words too

  const change = (part: Partial<Said>) => {
    latest.current = { ...latest.current, ...part }
    setSaid(latest.current)
    isTyped.current = true
    if (!isSaving.current) setState('typed')
    else setState('saving')
  }
  return {
    ...said,
    state,
    savedAt,
    conflict,
    setAnswers: (answers: Answers) => change({ answers }),
    setNote: (note: string) => change({ note }),
    setExtra: (extraId: string, answers: Answers) => change({ extras: { ...latest.current.extras, [extraId]: answers } }),
    saveNow: save,
    /** The task is closed: there is nothing to keep any more. */
    end: () => {
      isEnded.current = true
      isTyped.current = false
      setState('clean')
    },
    keepMine: () => {
      revision.current = conflict?.revision ?? revision.current
      setConflict(undefined)
      setState('typed')
    },
    useTheirs: (theirs: Draft) => {
      revision.current = theirs.revision
      latest.current = { answers: theirs.answers, extras: theirs.extras, note: theirs.note }
      isTyped.current = false
      setSaid(latest.current)
      setSavedAt(theirs.savedAt)
      setConflict(undefined)
      setState('clean')
    },
  }
}
