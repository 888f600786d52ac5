import { useLanguage } from '@renxin/ui'
import {
  type Answers,
  answersTo,
  enabledItems,
  type FilledShown,
  filledValues,
  isFilled,
  isQuestion,
  readForm,
  say,
  withFilled,
} from '../contract.ts'
import { words } from '../words.ts'
import { FilledLine } from './form/FilledLine.tsx'
import { labelOf } from './form/label-of.ts'

type ResponseAnswersProps = { definition: unknown; answers: Answers; filled: FilledShown | null }

/** What was answered, question by question, and what was filled in from the records, in the reader's language. */
export function ResponseAnswers({ definition, answers, filled }: ResponseAnswersProps) {
  const language = useLanguage()
  const form = readForm(definition)
  const enabled = enabledItems(form, withFilled(form, answers, filledValues(filled)))
  const asked = [...form.byLinkId.values()].filter((i) => isQuestion(i) && enabled.has(i.linkId))
  return (
    <dl className="rx-description rx-columns-1">
      {asked.map((item) => (
        <div key={item.linkId}>
          <dt>{say(item.text, language)}</dt>
          <dd>
            {isFilled(item) ? (
              <FilledLine item={item} language={language} filled={filled} />
            ) : (
              answersTo(answers, item.linkId)
                .map((v) => labelOf(item, v, language))
                .join('、') || words.results.notAnswered
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
