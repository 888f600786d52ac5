import { useRead } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { type Answers, checkAnswers, type Problem, type RedFlag, raisedFlags, readForm } from '@renxin/surveys/contract'
import { useMemo, useRef, useState } from 'react'
import { contentApi, type ExtraAnswers } from '../../contract.ts'

export type RaisedNow = { key: string; flag: RedFlag }

/** What is asked and told in this call beside its questionnaire: the answers that were begun, what is wrong with them, the red flags that they raise. */
export function useContent(taskId: string, answers: Readonly<Record<string, Answers>>) {
  const content = useRead(contentApi.taskContent, { id: taskId })
  const extras = content.data?.extras ?? []
  const [problems, setProblems] = useState<Readonly<Record<string, Problem[]>>>({})
  const [told, setTold] = useState<ReadonlySet<string>>(new Set())
  const responseIds = useRef(new Map<string, string>()) // one conversation, one response for each, however often the key is pressed
  const begun = extras.filter((e) => Object.values(answers[e.id] ?? {}).some((given) => given.length > 0))
  const forms = useMemo(() => new Map(extras.map((e) => [e.id, readForm(e.definition)])), [content.data])
  const raised = begun.flatMap((e): RaisedNow[] => {
    const form = forms.get(e.id)
    return form ? raisedFlags(form, answers[e.id] ?? {}).map(({ flag }) => ({ key: `${e.id} ${flag.id}`, flag })) : []
  })

  /** Says whether all that was begun is right, and marks what is not. */
  const areRight = (): boolean => {
    const found = begun.flatMap((e) => {
      const form = forms.get(e.id)
      const wrong = form ? checkAnswers(form, answers[e.id] ?? {}) : []
      return wrong.length > 0 ? [[e.id, wrong] as const] : []
    })
    setProblems(Object.fromEntries(found))
    return found.length === 0
  }
  const toSend = (toldFlags: ReadonlySet<string>): ExtraAnswers[] =>
    begun.map((e) => {
      const id = responseIds.current.get(e.id) ?? newId()
      responseIds.current.set(e.id, id)
      const heard = raised.flatMap(({ key, flag }) => (key === `${e.id} ${flag.id}` && toldFlags.has(key) ? [flag.id] : []))
      return { extraId: e.id, id, versionId: e.versionId, answers: copyOf(answers[e.id] ?? {}), told: heard }
    })
  return { news: content.data?.news ?? [], extras, problems, told, setTold, raised, areRight, toSend }
}

/** Read-only lists; the route takes a copy. */
export const copyOf = (answers: Answers): Record<string, (string | number | boolean | { other: string })[]> =>
  Object.fromEntries(Object.entries(answers).map(([linkId, given]) => [linkId, [...given]]))
