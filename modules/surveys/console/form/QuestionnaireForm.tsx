import { Button, Stack, useKeys, useLanguage } from '@renxin/ui'
import { useEffect, useMemo, useRef, useState } from 'react'
import {
  type Answers,
  answersTo,
  checkAnswers,
  type FilledShown,
  filledValues,
  type Item,
  isFilled,
  isQuestion,
  type Problem,
  progressOf,
  readForm,
  say,
  type Value,
  visibleItems,
  withFilled,
} from '../../contract.ts'
import { words } from '../../words.ts'
import { Question } from './Question.tsx'

export type QuestionnaireFormProps = {
  /** A FHIR R4 Questionnaire, as `version.definition` gives it. */
  definition: unknown
  answers: Answers
  onChange: (answers: Answers) => void
  /** What the hospital's records say for the items that are filled from them; left out, nothing is known yet. It is no part of the answers. */
  filled?: FilledShown | null
  /** Called by Ctrl+Enter and the button, once the answers are all right. Without it there is no button, and Ctrl+Enter is the page's. */
  onSubmit?: (answers: Answers) => void
  /** What the server, or the page's own `checkAnswers`, refused: shown at the questions, and the first is focused. */
  problems?: readonly Problem[]
  isSending?: boolean
  autoFocus?: boolean
  /** The reader's language; the console's where it is not said. */
  language?: string
  submitLabel?: string
}

/**
 * A questionnaire to fill in by keyboard: a digit chooses and goes on, Space ticks, Tab or Enter goes on, Delete clears. Answers live with
 * the caller, who may keep them as a draft at any moment; those that are hidden at present stay in them and are left out when recorded.
 */
export function QuestionnaireForm({
  definition,
  answers,
  onChange,
  filled,
  onSubmit,
  problems,
  isSending,
  autoFocus,
  ...look
}: QuestionnaireFormProps) {
  const form = useMemo(() => readForm(definition), [definition])
  const present = useLanguage()
  const language = look.language ?? present
  const body = useRef<HTMLDivElement>(null)
  const goingTo = useRef<string | null>(null)
  const [isAttempted, setAttempted] = useState(false)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())

  const found = useMemo(() => filledValues(filled), [filled])
  const complete = (given: Answers) => withFilled(form, given, found)
  const items = visibleItems(form, complete(answers))
  const questions = items.filter((i) => isQuestion(i) && !isFilled(i))
  // A refusal from outside shows all that is wrong at present, so that what is mended since is no longer told.
  const isJudged = isAttempted || (problems?.length ?? 0) > 0
  const wrong = new Map<string, Problem>()
  for (const p of checkAnswers(form, complete(answers)))
    if (isJudged || (left.has(p.linkId) && p.code !== 'required')) wrong.set(p.linkId, p)

  const focus = (linkId: string | undefined) => linkId !== undefined && focusQuestion(body.current, linkId)
  /** To the question after this one with these answers; after the last, to the button. */
  const goOn = (from: Item, given: Answers = answers) => {
    const order = visibleItems(form, complete(given)).filter((i) => isQuestion(i) && !i.isReadOnly)
    const next = order[order.findIndex((i) => i.linkId === from.linkId) + 1]
    goingTo.current = next?.linkId ?? submitMark
    if (given === answers) arrive()
  }
  const arrive = () => {
    const linkId = goingTo.current
    goingTo.current = null
    if (linkId !== null) focusQuestion(body.current, linkId)
  }
  const answer = (item: Item, given: readonly Value[], options: { goOn?: boolean } = {}) => {
    const next = { ...answers, [item.linkId]: [...given] }
    if (options.goOn) goOn(item, next)
    onChange(next)
  }
  const submit = () => {
    if (!onSubmit || isSending) return
    const problems = checkAnswers(form, complete(answers))
    setAttempted(true)
    if (problems.length === 0) onSubmit(answers)
    else focus(problems[0]?.linkId)
  }

  useKeys({ 'Ctrl+Enter': onSubmit && { name: look.submitLabel ?? words.form.submit, run: submit } })
  useEffect(arrive) // a question that the last answer brought forth is there now
  useEffect(() => {
    // once for each questionnaire, not for each answer
    const open = questions.find((q) => !q.isReadOnly && answersTo(answers, q.linkId).length === 0)
    if (autoFocus) focus((open ?? questions[0])?.linkId)
  }, [form, autoFocus])
  const firstProblem = problems?.[0]?.linkId
  useEffect(() => {
    if (firstProblem !== undefined) focus(firstProblem) // when they come, not when something is typed
  }, [problems])

  const wrongShown = questions.filter((q) => wrong.has(q.linkId))
  return (
    <Stack gap={16}>
      <Progress form={form} answers={complete(answers)} />
      <div ref={body} lang={language}>
        <Stack gap={16}>
          {items.map((item) => (
            <Question
              key={item.linkId}
              item={item}
              number={questions.indexOf(item) + 1}
              language={language}
              given={answers[item.linkId] ?? []}
              problem={wrong.get(item.linkId)}
              filled={filled}
              onAnswer={(given, options) => answer(item, given, options)}
              onNext={() => goOn(item)}
              onLeave={() => setLeft((before) => (before.has(item.linkId) ? before : new Set([...before, item.linkId])))}
            />
          ))}
        </Stack>
        {onSubmit && (
          <div className="rx-layer-foot" data-question={submitMark}>
            {wrongShown.length > 0 && isAttempted && (
              <span className="rx-field-error" role="alert">
                {words.form.wrongCount({ n: wrongShown.length })}
              </span>
            )}
            <Button kind="primary" size="large" keys="Ctrl+Enter" busy={isSending ?? false} onClick={submit}>
              {look.submitLabel ?? words.form.submit}
            </Button>
          </div>
        )}
      </div>
    </Stack>
  )
}

const submitMark = '#submit'

function Progress({ form, answers }: { form: ReturnType<typeof readForm>; answers: Answers }) {
  const { answered, total } = progressOf(form, answers)
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 12, flexWrap: 'wrap' }}>
      <progress
        aria-label={words.form.progressLabel}
        value={answered}
        max={Math.max(total, 1)}
        style={{ flex: '1 1 120px', accentColor: 'var(--rx-primary)' }}
      />
      <span>{words.form.progress({ answered, total })}</span>
      <span className="rx-note">{words.form.keys}</span>
    </div>
  )
}

/** Puts the cursor into a question: on what is chosen there, else on the first thing that can be. */
function focusQuestion(body: HTMLElement | null, linkId: string): void {
  const place = [...(body?.querySelectorAll<HTMLElement>('[data-question]') ?? [])].find((e) => e.dataset.question === linkId)
  const control =
    place?.querySelector<HTMLElement>('input:checked') ??
    place?.querySelector<HTMLElement>('input, textarea, select, button.rx-button-primary')
  control?.focus()
  place?.scrollIntoView({ block: 'nearest' })
}

/** The title of a questionnaire in the reader's language. */
export function titleOf(definition: unknown, language: string): string {
  return say(readForm(definition).title, language)
}
