import { useList, useRead, useUnsaved, useWrite } from '@renxin/client'
import { staffApi } from '@renxin/staff/contract'
import { surveysApi } from '@renxin/surveys/contract'
import { Choice, Form, houseWords, Panel, Row, SelectField, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { levels, MOST_TASKS, type Programme, ProgrammeBody, programmesApi, Rule, triggers } from '../contract.ts'
import { words } from '../words.ts'
import { CourseFields } from './CourseFields.tsx'
import { ProgrammePreview, tasksOf } from './ProgrammePreview.tsx'
import { RuleFields } from './RuleFields.tsx'
import { Sentence } from './Sentence.tsx'
import { emptyStep } from './StepFields.tsx'
import { StepList } from './StepList.tsx'
import { VariantFields } from './VariantFields.tsx'
import './programme.css'

const b = words.builder

/** The form and, beside it, what it would do: on a screen of 1366. */
export const builderWidth = 1200

export const emptyProgramme: ProgrammeBody = {
  name: '',
  level: 'centre',
  trigger: 'discharged',
  rule: Rule.parse({ classes: ['inpatient'] }),
  samplePercent: 100,
  onReturn: 'anew',
  onTransfer: 'stop',
  onDeath: 'stop',
  onRefusal: 'goOn',
  callFrom: '08:30',
  callUntil: '20:00',
  steps: [emptyStep],
  variants: [],
}

type ProgrammeFormProps = { id: string; version: number; body: ProgrammeBody; onSaved: (saved: Programme) => void }

/** The whole of a programme: the sentence that it is, and what the sentence is made of. */
export function ProgrammeForm({ id, version, body: given, onSaved }: ProgrammeFormProps) {
  const [body, setBody] = useState<ProgrammeBody>(given)
  const [codes, setCodes] = useState(given.rule.diagnoses.join(', '))
  const [isChanged, setChanged] = useState(false)
  const [isTried, setTried] = useState(false)
  const leave = useUnsaved(isChanged)
  const set = (part: Partial<ProgrammeBody>) => {
    setBody({ ...body, ...part })
    setChanged(true)
  }
  const whole = { ...body, rule: { ...body.rule, diagnoses: codes.split(/[,，、;；\s]+/).filter(Boolean) } }
  const parsed = ProgrammeBody.safeParse(whole)
  const wrong = (...path: (string | number)[]) =>
    isTried && parsed.error?.issues.some((i) => path.every((p, n) => i.path[n] === p)) ? houseWords.errors.invalid : undefined
  const save = useWrite(programmesApi.saveProgramme, {
    onSuccess: (saved) => {
      setChanged(false)
      onSaved(saved)
    },
  })
  const submit = () => {
    setTried(true)
    if (parsed.success) save.send({ id, version, body: parsed.data })
  }
  const { questionnaires, names } = useNames()
  return (
    <Form onSubmit={submit} write={save} verb={houseWords.save} keys>
      <div className="followups-builder">
        <aside aria-label={b.besideTitle}>
          <ProgrammePreview id={id} body={whole} />
        </aside>
        <Stack>
          {leave}
          <Sentence body={whole} names={names} />
          <TextField
            label={words.name}
            required
            value={body.name}
            onChange={(name) => set({ name })}
            maxLength={60}
            error={wrong('name')}
          />
          <Row gap={16}>
            <SelectField
              label={words.levelName}
              required
              value={body.level}
              onChange={(level) => level && set({ level })}
              options={levels.map((value) => ({ value, label: words.level[value] }))}
            />
            <Choice
              label={words.triggerName}
              value={body.trigger}
              onChange={(trigger) => set({ trigger })}
              options={triggers.map((value) => ({ value, label: words.trigger[value] }))}
            />
          </Row>
          <div id="programme-rule">
            <Panel title={words.rule}>
              <RuleFields
                body={body}
                codes={codes}
                onCodes={(text) => {
                  setCodes(text)
                  setChanged(true)
                }}
                onChange={set}
                wrong={wrong}
              />
            </Panel>
          </div>
          <div id="programme-steps">
            <StepList
              steps={body.steps}
              questionnaires={questionnaires}
              error={(at) => wrong('steps', at)}
              onChange={(steps) => set({ steps })}
            />
            {tasksOf(body.steps) > MOST_TASKS && <p className="rx-field-error">{b.tooManyTasks({ n: MOST_TASKS })}</p>}
          </div>
          <div id="programme-variants">
            <VariantFields
              variants={body.variants}
              steps={body.steps}
              questionnaires={questionnaires}
              wrong={wrong}
              onChange={(variants) => set({ variants })}
            />
          </div>
          <div id="programme-course">
            <Panel title={b.courseTitle}>
              <CourseFields body={body} onChange={set} />
            </Panel>
          </div>
          <Row gap={16}>
            <TextField
              label={`${words.callHours} ${words.callFrom}`}
              value={body.callFrom}
              onChange={(callFrom) => set({ callFrom })}
              error={wrong('callFrom')}
            />
            <TextField
              label={words.callUntil}
              value={body.callUntil}
              onChange={(callUntil) => set({ callUntil })}
              error={wrong('callUntil')}
            />
          </Row>
        </Stack>
      </div>
    </Form>
  )
}

/** What the form names by ids: questionnaires that may be chosen, and the names of all. */
function useNames() {
  const list = useList(surveysApi.questionnaires, { status: 'active', limit: 200 })
  const units = useRead(staffApi.units, {})
  const questionnaires = list.rows.map((q) => ({ value: q.id, label: q.title }))
  const names = new Map([
    ...questionnaires.map((q): [string, string] => [q.value, q.label]),
    ...(units.data?.rows ?? []).map((u): [string, string] => [u.id, u.name]),
  ])
  return { questionnaires, names }
}
