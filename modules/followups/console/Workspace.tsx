import { call, useMe, useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Relation } from '@renxin/patients/contract'
import { QuestionnaireForm } from '@renxin/surveys/console'
import { checkAnswers, filledValues, type Problem, raisedFlags, readForm, withFilled } from '@renxin/surveys/contract'
import { Banner, Button, formatMoment, formatTime, Loaded, notify, Panel, Stack, TextArea, undoBar, useKeys } from '@renxin/ui'
import { useMemo, useRef, useState } from 'react'
import { followupsApi, type Task } from '../contract.ts'
import { words } from '../words.ts'
import { Calling, NumberShown, type Shown } from './Calling.tsx'
import { ExtraQuestions, NewsToTell } from './content/InCall.tsx'
import { copyOf, useContent } from './content/use-content.ts'
import { FlagsNow } from './flags/FlagsNow.tsx'
import { UrgesOfTask } from './levels/UrgeNotices.tsx'
import { OpinionsHeard } from './OpinionsHeard.tsx'
import { gateSentence, outcomeWord, triesOf } from './phrases.tsx'
import { Returned } from './reviews/Returned.tsx'
import { Attempts, PreviousAnswers, StayShort, Who } from './TaskFacts.tsx'
import { useDraft } from './use-draft.ts'
import { useReadAgain, useTask } from './use-task.ts'
import { When } from './when.tsx'

type WorkspaceProps = { taskId: string; onNext: (id: string | null) => void; tools?: React.ReactNode }

/** One task at work: who he is, the call, the questions, what was heard, and on to the next. */
export function Workspace({ taskId, onNext, tools }: WorkspaceProps) {
  const task = useTask(taskId)
  return (
    <section className="followups-column" aria-label={words.task}>
      {task.data?.id === taskId ? (
        <Work key={taskId} task={task.data} reload={task.reload} onNext={onNext} tools={tools} />
      ) : (
        <div className="followups-scroll">
          <Loaded of={{ ...task, data: undefined as Task | undefined }} lines={8}>
            {() => null}
          </Loaded>
        </div>
      )}
    </section>
  )
}

type WorkProps = { task: Task; reload: () => Promise<unknown>; onNext: (id: string | null) => void; tools: React.ReactNode }

function Work({ task, reload, onNext, tools }: WorkProps) {
  const { user, may } = useMe()
  const isOpen = task.status === 'todo' || task.status === 'inProgress'
  const isOthers = task.assigneeId !== null && task.assigneeId !== user.id
  const mayWork = isOpen && !isOthers && may('followups.work')
  const { questionnaire } = task
  const form = useMemo(() => questionnaire && readForm(questionnaire.definition), [questionnaire])
  const draft = useDraft(task.id, task.draft, questionnaire?.versionId ?? null, mayWork)
  const [talk, setTalk] = useState<'reached' | 'relativeAnswered'>('reached')
  const [answeredBy, setAnsweredBy] = useState<Relation>()
  const filled = questionnaire?.filled
  const raised = useMemo(
    () => (form && mayWork ? raisedFlags(form, withFilled(form, draft.answers, filledValues(filled))) : []),
    [form, mayWork, draft.answers, filled],
  )
  const [told, setTold] = useState<ReadonlySet<string>>(new Set())
  const beside = useContent(task.id, draft.extras)
  const [problems, setProblems] = useState<Problem[]>()
  const [isTalking, setTalking] = useState(false)
  const [shown, setShown] = useState<Shown>()
  const [isPostponing, setPostponing] = useState(false)
  const running = task.attempts.find((a) => a.outcome === null)
  const attemptId = useRef(running?.id ?? newId())
  const responseId = useRef(newId()) // one conversation, one response, however often the key is pressed
  const leave = useUnsaved(draft.state === 'failed')

  const complete = useWrite(followupsApi.complete, {
    onSuccess: ({ nextId }) => {
      draft.end()
      notify(words.completed)
      onNext(nextId)
    },
    onError: () => void reload(), // what the records fill in may have changed meanwhile, and with it what is asked
  })
  useReadAgain(isOpen && (questionnaire?.filled ?? null) !== null, reload)
  const relative = answeredBy ?? kinOf(shown?.relation)
  const finish = () => {
    if (!mayWork || complete.isSending) return
    const wrong = form ? checkAnswers(form, withFilled(form, draft.answers, filledValues(questionnaire?.filled))) : []
    setProblems(wrong)
    const areExtrasRight = beside.areRight()
    if (wrong.length > 0 || !areExtrasRight) return
    const response = questionnaire && { id: responseId.current, versionId: questionnaire.versionId, answers: copyOf(draft.answers) }
    const heard = raised.flatMap(({ flag }) => (told.has(flag.id) ? [flag.id] : []))
    const also = { extras: beside.toSend(told), toldNews: [...beside.told] }
    const who = talk === 'relativeAnswered' && { answeredBy: relative }
    complete.send({ id: task.id, attemptId: attemptId.current, outcome: talk, ...who, note: draft.note, response, told: heard, ...also })
  }
  const postpone = useWrite(followupsApi.postpone, {
    onSuccess: ({ rows }, { until }) => {
      setPostponing(false)
      undoBar(words.postponed({ n: rows.length, when: formatMoment(until) }), () => {
        call(followupsApi.undoPostpone, { until, tasks: rows }).then(reload, () => reload())
      })
      onNext(null)
    },
  })
  const release = useWrite(followupsApi.release, {
    onSuccess: ({ rows }) => notify(words.released({ n: rows.length })),
  })
  useKeys(
    {
      'Ctrl+Enter': { name: words.complete, run: finish },
      'Ctrl+S': { name: words.saveDraft, run: () => void draft.saveNow() },
      U: { name: words.postpone, run: () => setPostponing(true) },
    },
    { enabled: mayWork },
  )

  return (
    <>
      {leave}
      <Who task={task}>{tools}</Who>
      {shown && <NumberShown {...shown} />}
      <div className="followups-scroll">
        <Stack>
          {!isOpen && (
            <Banner>
              {words.closedTask({ why: (task.closeReason ? words.closeReason[task.closeReason] : outcomeWord(task.outcome)) ?? '' })}
            </Banner>
          )}
          {task.review === 'returned' && <Returned task={task} onNext={onNext} />}
          {isOpen && <UrgesOfTask taskId={task.id} />}
          {isOpen && isOthers && (
            <Banner tone="warning">
              {words.heldByOther({ name: task.assigneeName ?? '', when: task.claimedAt ? formatMoment(task.claimedAt) : '' })}
            </Banner>
          )}
          {isOpen && !task.gate.allowed && task.channel === 'phone' && <Banner tone="warning">{gateSentence(task.gate)}</Banner>}
          {isOpen && task.calledToday && (
            <Banner tone="warning">
              {words.reach.calledToday({ name: task.calledToday.byName, time: formatTime(task.calledToday.at) })}
            </Banner>
          )}
          {draft.conflict && <Conflicted draft={draft} reload={reload} task={task} />}
          <StayShort task={task} />
          {mayWork && (
            <Calling
              task={task}
              attemptId={attemptId}
              note={draft.note}
              shown={shown}
              onShown={setShown}
              talk={talk}
              onTalk={setTalk}
              answeredBy={relative}
              onAnsweredBy={setAnsweredBy}
              isBegun={Object.values(draft.answers).some((a) => a.length > 0)}
              onTalking={() => setTalking(true)}
              onEnd={(nextId) => {
                draft.end()
                onNext(nextId)
              }}
            />
          )}
          {mayWork && (
            <Panel title={questionnaire?.title ?? words.note}>
              <Stack>
                {questionnaire ? (
                  <QuestionnaireForm
                    definition={questionnaire.definition}
                    answers={draft.answers}
                    onChange={draft.setAnswers}
                    filled={questionnaire.filled}
                    autoFocus={isTalking}
                    {...(problems && { problems })}
                  />
                ) : (
                  <p className="rx-note">{words.noQuestionnaire}</p>
                )}
                <TextArea
                  label={words.note}
                  value={draft.note}
                  onChange={draft.setNote}
                  rows={2}
                  maxLength={2000}
                  placeholder={words.notePlaceholder}
                />
              </Stack>
            </Panel>
          )}
          <ExtraQuestions
            extras={beside.extras}
            mayWork={mayWork}
            answers={draft.extras}
            onAnswers={draft.setExtra}
            problems={beside.problems}
          />
          <NewsToTell news={beside.news} mayTick={mayWork} told={beside.told} onTold={beside.setTold} />
          {mayWork && <OpinionsHeard task={task} />}
          <Attempts attempts={triesOf(task.attempts)} handovers={task.handovers} />
          <PreviousAnswers task={task} />
        </Stack>
      </div>
      <FlagsNow
        raised={[...raised.map(({ flag }) => ({ key: flag.id, flag })), ...(mayWork ? beside.raised : [])]}
        told={told}
        onTold={setTold}
      />
      {mayWork && (
        <footer className="followups-foot">
          <span className="rx-note" role="status">
            {savedNote(draft.state, draft.savedAt)}
          </span>
          {complete.error && (
            <span className="rx-field-error" role="alert">
              {words.of(complete.error)}
            </span>
          )}
          {task.assigneeId === user.id && (
            <Button kind="quiet" busy={release.isSending} onClick={() => release.send({ ids: [task.id] })}>
              {words.release}
            </Button>
          )}
          <Button keys="U" onClick={() => setPostponing(true)}>
            {words.postpone}
          </Button>
          <Button kind="primary" keys="Ctrl+Enter" busy={complete.isSending} onClick={finish}>
            {words.complete}
          </Button>
        </footer>
      )}
      {isPostponing && (
        <When
          kind="postpone"
          title={words.postponeTitle}
          label={words.postponeUntil}
          verb={words.postponeVerb({ n: 1 })}
          dueBy={task.dueBy}
          busy={postpone.isSending}
          error={words.of(postpone.error)}
          onChoose={(until) => postpone.send({ ids: [task.id], until })}
          onClose={() => setPostponing(false)}
        />
      )}
    </>
  )
}

/** Whose telephone it is answers it, until somebody says otherwise. */
function kinOf(relation: string | undefined): Relation {
  const known = Relation.safeParse(relation)
  return known.success && known.data !== 'self' ? known.data : 'other'
}

function savedNote(state: 'clean' | 'typed' | 'saving' | 'failed', savedAt: string | null): string {
  if (state === 'saving' || state === 'typed') return words.saving
  if (state === 'failed') return words.notSaved
  return savedAt ? words.autosaved({ time: formatTime(savedAt) }) : ''
}

function Conflicted({ draft, task, reload }: { draft: ReturnType<typeof useDraft>; task: Task; reload: () => Promise<unknown> }) {
  const takeTheirs = async () => {
    const now = await call(followupsApi.task, { id: task.id })
    if (now.draft) draft.useTheirs(now.draft)
    await reload()
  }
  return (
    <Banner
      tone="warning"
      actions={
        <>
          <Button size="small" onClick={() => void takeTheirs()}>
            {words.useLatest}
          </Button>
          <Button size="small" onClick={draft.keepMine}>
            {words.keepMine}
          </Button>
        </>
      }
    >
      {words.draftConflict({ name: draft.conflict?.byName ?? '', time: formatTime(draft.conflict?.at) })}
    </Banner>
  )
}
