import { useLanguage } from '@renxin/ui'
import { type Answers, answersTo, enabledItems, type Item, isQuestion, readForm, say, type Value } from '../contract.ts'
import { words } from '../words.ts'

/** What was answered, question by question, in the reader's language. */
export function ResponseAnswers({ definition, answers }: { definition: unknown; answers: Answers }) {
  const language = useLanguage()
  const form = readForm(definition)
  const enabled = enabledItems(form, answers)
  const asked = [...form.byLinkId.values()].filter((i) => isQuestion(i) && enabled.has(i.linkId))
  return (
    <dl className="rx-description rx-columns-1">
      {asked.map((item) => (
        <div key={item.linkId}>
          <dt>{say(item.text, language)}</dt>
          <dd>
            {answersTo(answers, item.linkId)
              .map((v) => labelOf(item, v, language))
              .join('、') || words.results.notAnswered}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** An answer as somebody reads it. */
export function labelOf(item: Item, value: Value, language: string): string {
  if (typeof value === 'object') return value.other
  const option = item.options.find((o) => o.key === value)
  if (option) return say(option.label, language)
  if (typeof value === 'boolean') return value ? words.form.yes : words.form.no
  return item.unit ? `${value} ${item.unit.label}` : String(value)
}
