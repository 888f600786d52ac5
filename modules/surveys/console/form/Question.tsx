import { Icon, isComposing } from '@renxin/ui'
import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { type FilledShown, type Item, isFilled, isQuestion, type Problem, say, type Value } from '../../contract.ts'
import { words } from '../../words.ts'
import type { AnswerTo } from './answer.ts'
import { FilledLine } from './FilledLine.tsx'
import { choicesOf, OptionList } from './OptionList.tsx'
import { TypedAnswer } from './TypedAnswer.tsx'

type QuestionProps = {
  item: Item
  number: number
  language: string
  given: readonly Value[]
  problem: Problem | undefined
  filled: FilledShown | null | undefined
  onAnswer: AnswerTo
  onNext: () => void
  onLeave: () => void
}

/** One item of a form: a heading, a line of text, or a question with its answer. */
export function Question(props: QuestionProps) {
  const { item, language } = props
  const text = say(item.text, language)
  if (item.kind === 'group') return <GroupHeading text={text} problem={props.problem} />
  if (item.kind === 'display') return <p className="rx-note">{text}</p>
  if (!isQuestion(item))
    return (
      <div>
        <p>{text}</p>
        <p className="rx-hint">{words.form.notAnswerable}</p>
      </div>
    )
  if (isFilled(item))
    return (
      <div style={{ display: 'flex', flexWrap: 'wrap', columnGap: 12, alignItems: 'baseline', marginLeft: item.parent === null ? 0 : 12 }}>
        <span>{text}</span>
        <FilledLine item={item} language={language} filled={props.filled} />
      </div>
    )
  return <AskedQuestion {...props} text={text} />
}

function GroupHeading({ text, problem }: { text: string; problem: Problem | undefined }) {
  return (
    <div>
      {text && <div style={{ fontWeight: 600, fontSize: 16, lineHeight: '24px' }}>{text}</div>}
      {problem && <Wrong>{sentenceFor(problem)}</Wrong>}
    </div>
  )
}

function AskedQuestion({ item, number, language, text, given, problem, onAnswer, onNext, onLeave }: QuestionProps & { text: string }) {
  const id = useId()
  const choices = choicesOf(item, language)
  const describedBy = problem ? `${id}-problem` : undefined
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isComposing(event.nativeEvent) || event.ctrlKey || event.altKey || event.metaKey) return
    const isTyping = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLInputElement && isTyped(event.target))
    if (event.key === 'Enter' && !event.shiftKey && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault()
      onNext()
    } else if (event.key === 'Delete' && !isTyping && !item.isReadOnly) {
      event.preventDefault()
      onAnswer([])
    }
  }
  const shared = { item, given, labelledBy: `${id}-text`, describedBy, isWrong: problem !== undefined, onAnswer }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the controls inside
    <div
      data-question={item.linkId}
      className={problem ? 'rx-field rx-field-wrong' : 'rx-field'}
      style={{ marginLeft: item.parent === null ? 0 : 12 }}
      onKeyDown={onKeyDown}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || onLeave()}
    >
      <div style={{ display: 'flex', alignItems: 'baseline', gap: 8, marginBottom: 6 }}>
        <div id={`${id}-text`} style={{ fontWeight: 600 }}>
          <span>{item.prefix || `${number}.`} </span>
          {text}
          {item.isRequired && (
            <span className="rx-required" aria-hidden="true">
              *
            </span>
          )}
        </div>
        {!item.isRequired && given.length > 0 && choices && !item.isReadOnly && (
          // Delete does the same from the keyboard, so that it is no stop on the way to the next question.
          <button type="button" className="rx-button rx-button-link rx-button-small" tabIndex={-1} onClick={() => onAnswer([])}>
            {words.form.clear}
          </button>
        )}
      </div>
      {choices ? <OptionList {...shared} choices={choices} /> : <TypedAnswer {...shared} />}
      <div aria-live="polite" id={`${id}-problem`}>
        {problem && <Wrong>{sentenceFor(problem)}</Wrong>}
      </div>
    </div>
  )
}

function Wrong({ children }: { children: ReactNode }) {
  return (
    <div className="rx-field-error">
      <Icon name="warning" size={14} />
      {children}
    </div>
  )
}

/** What is wrong with an answer, for whoever gives it. */
export function sentenceFor({ code, limit }: Problem): string {
  const sentence = words.form.problems[code]
  return typeof sentence === 'function' ? sentence({ limit: limit ?? '' }) : sentence
}

const isTyped = (input: HTMLInputElement) => input.type !== 'radio' && input.type !== 'checkbox'
