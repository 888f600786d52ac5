import { useWrite } from '@renxin/client'
import { useEffect, useRef, useState } from 'react'
import { type Definition, type Questionnaire, surveysApi } from '../../contract.ts'

export type Draft = ReturnType<typeof useDraft>

const pause = 1500 // with the way to the server it is kept within two seconds

/** What is being written, kept on the server a moment after each change. Of two people who write, the second is told and keeps his text. */
export function useDraft(questionnaire: Questionnaire, start: Definition) {
  const { id } = questionnaire
  const [definition, setDefinition] = useState(start)
  const [changes, setChanges] = useState(0)
  const [kept, setKept] = useState(0)
  const [hasDraft, setHasDraft] = useState(questionnaire.draft !== null)
  const [savedAt, setSavedAt] = useState<string>()
  const save = useWrite(surveysApi.saveDraft)
  // What a save that waits for the one before it must know, as it is by then.
  const latest = useRef({ definition, changes, kept, revision: questionnaire.revision })
  const running = useRef<Promise<unknown>>(Promise.resolve())

  const saveLatest = async (): Promise<number | undefined> => {
    const { definition: written, changes: at, kept: before, revision } = latest.current
    if (at === before) return revision
    try {
      const saved = await save.sendAsync({ id, definition: written, revision })
      latest.current.revision = saved.revision
      latest.current.kept = at
      setKept(at)
      setSavedAt(saved.updatedAt)
      setHasDraft(true)
      return saved.revision
    } catch {
      return undefined // the reason is in `save.error`, and what was written is still here
    }
  }
  /** Keeps what is written now; gives the revision, or nothing where it could not be kept. */
  const flush = (): Promise<number | undefined> => {
    const done = running.current.then(saveLatest)
    running.current = done
    return done
  }

  useEffect(() => {
    if (changes === 0) return
    const timer = setTimeout(flush, pause)
    return () => clearTimeout(timer)
  }, [changes])

  return {
    definition,
    change: (next: Definition) => {
      latest.current.definition = next
      latest.current.changes += 1
      setDefinition(next)
      setChanges(latest.current.changes)
    },
    flush,
    published: () => setHasDraft(false),
    isDirty: changes !== kept,
    isSaving: save.isSending,
    hasChanges: hasDraft || changes !== kept,
    savedAt,
    error: save.error,
  }
}
