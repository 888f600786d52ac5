import { useReload, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Relation } from '@renxin/patients/contract'
import {
  Banner,
  Button,
  CheckField,
  Confirm,
  ErrorNote,
  formatMoment,
  formatPhone,
  notify,
  Panel,
  Row,
  SelectField,
  Stack,
  Tag,
  useKeys,
} from '@renxin/ui'
import { type RefObject, useState } from 'react'
import { followupsApi, type Reach, type silentOutcomes, type Task } from '../contract.ts'
import { words } from '../words.ts'
import { outcomeWord, relationWord } from './phrases.tsx'
import { When } from './when.tsx'

type Silent = (typeof silentOutcomes)[number]
type Talk = 'reached' | 'relativeAnswered'

/** One letter for each result without a conversation; none that moves in the queue, records an opinion or answers a question. */
const keysOf: readonly (readonly [string, Silent])[] = [
  ['N', 'noAnswer'],
  ['Z', 'busy'],
  ['G', 'off'],
  ['H', 'wrongNumber'],
  ['V', 'voidNumber'],
  ['L', 'callLater'],
  ['D', 'refused'],
  ['A', 'readmitted'],
  ['M', 'transferred'],
  ['W', 'patientDead'],
]
const atTheBed: readonly Silent[] = ['noAnswer', 'callLater', 'refused', 'transferred']

/** Who may answer in the patient's place. */
const kin = Relation.options.filter((r) => r !== 'self')

export type Shown = { contactId: string; number: string; relation: string }

type CallingProps = {
  task: Task
  attemptId: RefObject<string>
  note: string
  /** The whole number, once it was dialled. */
  shown: Shown | undefined
  onShown: (shown: Shown | undefined) => void
  talk: Talk
  onTalk: (talk: Talk) => void
  answeredBy: Relation
  onAnsweredBy: (who: Relation) => void
  /** Something is answered already: a letter that is pressed by mistake must not throw the conversation away. */
  isBegun: boolean
  onTalking: () => void
  onEnd: (nextId: string | null) => void
}

/** Which number to dial, and what came of it. F2 dials. */
export function Calling(props: CallingProps) {
  const { task, attemptId, note, shown, onShown, talk, onTalk, isBegun, onTalking, onEnd } = props
  const [asking, setAsking] = useState<'callLater' | 'patientDead'>()
  const [tried, setTried] = useState<ReadonlySet<string>>(new Set())
  const isPhone = task.channel === 'phone'
  const reloadAll = useReload()
  const dial = useWrite(followupsApi.dial, { onSuccess: onTalking, onError: () => reloadAll('followups') }) // who has it, or why not, stands on the page then
  const end = useWrite(followupsApi.recordOutcome, {
    onSuccess: (reply, { outcome }) => {
      setAsking(undefined)
      notify(sentenceOf(outcome, reply))
      const isAgainNow = reply.status === 'inProgress' && (outcome === 'wrongNumber' || outcome === 'voidNumber')
      if (!isAgainNow) return onEnd(reply.nextId)
      setTried(new Set([...tried, ...(shown ? [shown.contactId] : [])])) // the patient has another number
      attemptId.current = newId()
      onShown(undefined)
    },
  })
  const good = task.contacts.filter((c) => !c.isBad && !tried.has(c.id))
  const first = good.find((c) => c.id === task.reach?.contactId) ?? good[0]
  const mayDial = isPhone && !task.calledToday && (task.gate.allowed || (task.gate.reason === 'budget' && task.callBackAt !== null))
  const ring = async (contactId: string | undefined) => {
    if (!mayDial || !contactId || dial.isSending) return
    if (shown && shown.contactId !== contactId) attemptId.current = newId() // another number is another try
    const reply = await dial.sendAsync({ id: task.id, attemptId: attemptId.current, contactId }).catch(() => undefined) // told by dial.error
    if (reply) onShown(reply)
  }
  const choose = (outcome: Silent) => {
    if (end.isSending) return
    if (outcome === 'callLater' || outcome === 'patientDead') return setAsking(outcome)
    end.send({ id: task.id, attemptId: attemptId.current, outcome, note })
  }
  const offered = keysOf.filter(([, outcome]) => isPhone || atTheBed.includes(outcome))
  // Whoever refuses all contact, or has no number, is not dialled: the task is closed by saying so.
  const isHopeless = task.gate.reason === 'refused' || task.gate.reason === 'noPhone' || task.contacts.length === 0
  const canRecord = !isPhone || shown !== undefined || isHopeless
  useKeys({ F2: isPhone && { name: shown ? words.dialling : words.dial, run: () => void (shown ?? ring(first?.id)) } })
  useKeys(
    {
      ...Object.fromEntries(offered.map(([key, outcome]) => [key, { name: nameOf(outcome, isPhone), run: () => choose(outcome) }])),
      R: isPhone && { name: words.outcome.relativeAnswered, run: () => onTalk(talk === 'reached' ? 'relativeAnswered' : 'reached') },
    },
    { enabled: canRecord && !isBegun },
  )
  return (
    <Panel title={isPhone ? words.outcomeTitle : words.bedsideTitle} note={isPhone ? words.outcomeHint : words.bedsideHint}>
      <Stack gap={12}>
        {isPhone && task.contacts.length === 0 && <Banner tone="warning">{words.noNumber}</Banner>}
        {isPhone && (
          <Row>
            {task.contacts.map((c) => (
              <span key={c.id}>
                <Button
                  kind={c.id === first?.id && !shown ? 'primary' : 'plain'}
                  icon="phone"
                  busy={dial.isSending}
                  disabled={!mayDial}
                  {...(c.id === first?.id && { keys: 'F2' })}
                  onClick={() => void ring(c.id)}
                >
                  {words.dialThis({ relation: relationWord(c.relation), masked: c.masked })}
                </Button>
                {c.tries > 0 && <small className="rx-note">{words.reach.fared({ answered: c.answered, tries: c.tries })}</small>}
                {(c.isBad || tried.has(c.id)) && <Tag tone="warning">{words.badNumber}</Tag>}
              </span>
            ))}
          </Row>
        )}
        {isPhone && !shown && first && first.id === task.reach?.contactId && <p className="rx-note">{proposal(task.reach, first)}</p>}
        <ErrorNote error={dial.error} text={words.of(dial.error)} />
        <Row gap={4}>
          {offered.map(([key, outcome]) => (
            <Button key={key} size="small" keys={key} disabled={!canRecord} busy={end.isSending} onClick={() => choose(outcome)}>
              {nameOf(outcome, isPhone)}
            </Button>
          ))}
          {isPhone && (
            <CheckField
              label={words.outcome.relativeAnswered}
              value={talk === 'relativeAnswered'}
              onChange={(is) => onTalk(is ? 'relativeAnswered' : 'reached')}
            />
          )}
          {isPhone && talk === 'relativeAnswered' && (
            <SelectField
              label={words.reach.whoAnswered}
              hideLabel
              value={props.answeredBy}
              onChange={(who) => who && props.onAnsweredBy(who)}
              options={kin.map((value) => ({ value, label: relationWord(value) }))}
            />
          )}
        </Row>
        {!asking && <ErrorNote error={end.error} text={words.of(end.error)} />}
      </Stack>
      {asking === 'callLater' && (
        <When
          kind="callBack"
          title={words.callBackTitle}
          label={words.callBackAt}
          verb={words.callBackVerb}
          busy={end.isSending}
          error={words.of(end.error)}
          onChoose={(callBackAt) => end.send({ id: task.id, attemptId: attemptId.current, outcome: 'callLater', note, callBackAt })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'patientDead' && (
        <Confirm
          title={words.deadTitle({ name: task.patientName })}
          verb={words.deadVerb}
          busy={end.isSending}
          error={end.error}
          onConfirm={() => end.send({ id: task.id, attemptId: attemptId.current, outcome: 'patientDead', note })}
          onCancel={() => setAsking(undefined)}
        >
          {words.deadText}
        </Confirm>
      )}
    </Panel>
  )
}

/** Whom to ring next and at which hour, and why, in plain words. */
function proposal(reach: Reach, { relation, masked }: Task['contacts'][number]): string {
  const { why, answered, tries, hour, hourWhy, hourAnswered, hourTries } = reach
  const reason = why === 'answered' ? words.reach.answered({ answered, tries }) : words.reach[why]
  const when =
    hour === null
      ? ''
      : hourWhy === 'answered'
        ? words.reach.hourAnswered({ hour, next: hour + 1, answered: hourAnswered, tries: hourTries })
        : words.reach.hourUntried({ hour, tries: hourTries })
  return `${words.reach.propose({ relation: relationWord(relation), masked, why: reason })}${when}`
}

const isBedWord = (outcome: Silent): outcome is keyof typeof words.bedsideOutcome => Object.hasOwn(words.bedsideOutcome, outcome)
const nameOf = (outcome: Silent, isPhone: boolean) =>
  !isPhone && isBedWord(outcome) ? words.bedsideOutcome[outcome] : words.outcome[outcome]

/** What was recorded, and what happens now: the nurse need not remember it. */
function sentenceOf(outcome: Silent, { status, nextAt, tries }: { status: string; nextAt: string | null; tries: number }): string {
  const name = outcomeWord(outcome) ?? ''
  if (outcome === 'callLater') return words.callBackSet({ when: formatMoment(nextAt) })
  if (status === 'inProgress' && nextAt) return words.nextTry({ outcome: name, n: tries, when: formatMoment(nextAt) })
  const isUnreached =
    outcome === 'noAnswer' || outcome === 'busy' || outcome === 'off' || outcome === 'wrongNumber' || outcome === 'voidNumber'
  return isUnreached ? words.closedUnreached({ outcome: name, n: tries }) : words.outcomeKept({ outcome: name })
}

/** The number, large, above everything for as long as the call lasts. */
export function NumberShown({ relation, number }: Shown) {
  return (
    <div className="followups-number" role="status">
      <span>{words.numberShown({ relation: relationWord(relation) })}</span>
      <a href={`tel:${number.replaceAll(' ', '').replace('转', ',')}`}>{formatPhone(number)}</a>
      <span className="rx-note">{words.viewRecorded}</span>
    </div>
  )
}
