import { labelOf } from '@renxin/surveys/console'
import { answersTo, isQuestion, readForm, say } from '@renxin/surveys/contract'
import { Column, StatusTag, Table, useLanguage } from '@renxin/ui'
import { type CheckedWork, compareAnswers } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.checks
type Said = NonNullable<CheckedWork['said']>
type Line = { linkId: string; question: string; then: string; now: string; isSame: boolean | null | undefined }

/** What was answered to a lower level, and beside it what the patient told the centre to the same questions. */
export function ComparedAnswers({ said, label }: { said: Said; label: string }) {
  const language = useLanguage()
  const form = readForm(said.definition)
  const compared = new Map(compareAnswers(said.definition, said.answers, said.now ?? {}).map((c) => [c.linkId, c.isSame]))
  const lines = [...form.byLinkId.values()].filter(isQuestion).flatMap((item): Line[] => {
    const text = (answers: Said['answers']) =>
      answersTo(answers, item.linkId)
        .map((v) => labelOf(item, v, language))
        .join('、')
    const then = text(said.answers)
    return then === ''
      ? []
      : [{ linkId: item.linkId, question: say(item.text, language), then, now: text(said.now ?? {}), isSame: compared.get(item.linkId) }]
  })
  return (
    <>
      <strong>{t.said({ title: said.title })}</strong>
      {!said.now && <span className="rx-note">{t.otherQuestionnaire}</span>}
      <Table of={lines} label={label} rowKey={(l: Line) => l.linkId} plain maxHeight={320}>
        <Column name={t.question} show={(l: Line) => l.question} />
        <Column name={t.saidThen} width={180} show={(l: Line) => l.then} />
        {said.now && <Column name={t.saidNow} width={180} show={(l: Line) => l.now} />}
        {said.now && <Column name={t.compared} width={130} show={(l: Line) => <Same is={l.isSame} />} />}
      </Table>
    </>
  )
}

function Same({ is }: { is: Line['isSame'] }) {
  if (is === undefined) return null
  if (is === null) return <StatusTag tone="info">{t.mustRead}</StatusTag>
  return <StatusTag tone={is ? 'success' : 'danger'}>{is ? t.same : t.different}</StatusTag>
}
