import { GoLink } from '@renxin/client'
import { QuestionnaireForm } from '@renxin/surveys/console'
import type { Answers, Problem } from '@renxin/surveys/contract'
import { CheckField, Panel, Stack } from '@renxin/ui'
import type { TaskContent } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.content

type NewsProps = { news: TaskContent['news']; mayTick: boolean; told: ReadonlySet<string>; onTold: (told: ReadonlySet<string>) => void }

/** What the nurse may tell of the department, with a tick for what she told. */
export function NewsToTell({ news, mayTick, told, onTold }: NewsProps) {
  if (news.length === 0) return null
  const tick = (id: string, isTold: boolean) => {
    const next = new Set(told)
    if (isTold) next.add(id)
    else next.delete(id)
    onTold(next)
  }
  return (
    <Panel title={w.tellNow} {...(mayTick && { note: w.tellHint })}>
      <Stack gap={8}>
        {news.map((n) => (
          <div key={n.id}>
            <p>
              <strong>{n.title}</strong> {n.text}
            </p>
            <CheckField
              label={w.toldThis({ title: n.title })}
              disabled={!mayTick}
              value={n.isTold || told.has(n.id)}
              onChange={(isTold) => tick(n.id, isTold)}
            />
          </div>
        ))}
      </Stack>
    </Panel>
  )
}

type ExtrasProps = {
  extras: TaskContent['extras']
  mayWork: boolean
  answers: Readonly<Record<string, Answers>>
  onAnswers: (extraId: string, answers: Answers) => void
  problems: Readonly<Record<string, Problem[]>>
}

/** The extra questionnaires of this patient, each by itself; of a call that was completed the way to what was answered. */
export function ExtraQuestions({ extras, mayWork, answers, onAnswers, problems }: ExtrasProps) {
  return extras.map((e) => (
    <Panel key={e.id} title={w.extraOf({ name: e.name })} {...(mayWork && { note: w.extraHint })}>
      {mayWork ? (
        <QuestionnaireForm
          definition={e.definition}
          answers={answers[e.id] ?? {}}
          onChange={(given) => onAnswers(e.id, given)}
          {...(problems[e.id] && { problems: problems[e.id] })}
        />
      ) : (
        e.responseId && (
          <GoLink to="surveys.response" params={{ id: e.responseId }}>
            {w.seeAnswers}
          </GoLink>
        )
      )}
    </Panel>
  ))
}
