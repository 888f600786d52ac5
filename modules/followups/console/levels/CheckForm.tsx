import { useMe, useWrite } from '@renxin/client'
import { Banner, Choice, Form, formatMoment, notify, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { answerFindings, type Check, type CheckedWork, callFindings, checksApi } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.checks
type Props = { id: string; work: CheckedWork; isAsking: boolean }

/** What the centre finds of one level; who may only read sees what was found. */
export function CheckForm({ id, work, isAsking }: Props) {
  const { may } = useMe()
  return (
    <>
      {may('followups.check') ? <Finding id={id} work={work} isAsking={isAsking} /> : work.check && <Found of={work.check} />}
      {work.check && <span className="rx-note">{t.checkedBy(signOf(work.check))}</span>}
      {work.earlier.map((c) => (
        <span key={c.revision} className="rx-note">
          {t.wasBefore({ ...signOf(c), call: t.calls[c.call], answers: t.answerWords[c.answers] })} {c.note}
        </span>
      ))}
    </>
  )
}

const signOf = (c: Check) => ({ name: c.checkedByName, when: formatMoment(c.checkedAt) })

function Found({ of }: { of: Check }) {
  const isWrong = of.call === 'untrue' || of.answers === 'differ'
  return (
    <Banner tone={isWrong ? 'danger' : of.call === 'confirmed' ? 'success' : 'info'}>
      {t.call}：{t.calls[of.call]}　{t.answers}：{t.answerWords[of.answers]}　{of.note}
    </Banner>
  )
}

/** What can be chosen: of what is not on record only that; of whom nobody reached only that nobody can tell. */
const offered = <T extends string>(all: readonly T[], isOnRecord: boolean, isAsking: boolean) =>
  all.filter((f) => (isOnRecord ? f !== 'none' && (isAsking || f === 'unclear') : f === 'none'))

function Finding({ id, work: { level, talk, said, check }, isAsking }: Props) {
  const calls = offered(callFindings, talk !== null, isAsking)
  const answerWords = offered(answerFindings, said !== null, isAsking)
  const [form, setForm] = useState({
    call: check?.call ?? (calls.length === 1 ? calls[0] : undefined),
    answers: check?.answers ?? (answerWords.length === 1 ? answerWords[0] : undefined),
    note: check?.note ?? '',
  })
  const save = useWrite(checksApi.saveCheck, { onSuccess: () => notify(t.saved) })
  const { call, answers, note } = form
  const send = () => {
    if (call && answers) save.send({ id, level, revision: check?.revision ?? 0, call, answers, note })
    else notify(t.choose, { tone: 'warning' })
  }
  return (
    <Form onSubmit={send} write={save} verb={t.save}>
      <Choice
        label={t.call}
        value={call}
        onChange={(value) => setForm({ ...form, call: value })}
        options={calls.map((value) => ({ value, label: t.calls[value] }))}
      />
      <Choice
        label={t.answers}
        value={answers}
        onChange={(value) => setForm({ ...form, answers: value })}
        options={answerWords.map((value) => ({ value, label: t.answerWords[value] }))}
      />
      <TextArea
        label={t.noteLabel}
        hint={t.noteHint}
        value={note}
        onChange={(value) => setForm({ ...form, note: value })}
        maxLength={500}
      />
    </Form>
  )
}
