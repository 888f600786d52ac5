import { useList, useUnsaved, useWrite } from '@renxin/client'
import { UnitsSelect } from '@renxin/staff/console'
import { surveysApi } from '@renxin/surveys/contract'
import {
  Button,
  CheckField,
  Choice,
  Form,
  houseWords,
  MultiChoice,
  NumberField,
  Panel,
  Row,
  SelectField,
  Stack,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { burdens, levels, type Programme, ProgrammeBody, programmesApi, Rule, triggers } from '../contract.ts'
import { words } from '../words.ts'
import { emptyStep, StepFields } from './StepFields.tsx'

export const emptyProgramme: ProgrammeBody = {
  name: '',
  level: 'centre',
  trigger: 'discharged',
  rule: Rule.parse({ classes: ['inpatient'] }),
  samplePercent: 100,
  stopsOnReadmission: true,
  callFrom: '08:30',
  callUntil: '20:00',
  steps: [emptyStep],
}

const classes = ['inpatient', 'daySurgery', 'outpatient', 'emergency', 'checkUp'] as const
const dispositions = ['1', '2', '3', '4', '5', '9'] as const

type ProgrammeFormProps = { id: string; version: number; body: ProgrammeBody; onSaved: (saved: Programme) => void }

/** The whole of a programme, plainly: for whom, and its steps. */
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
  const setRule = (part: Partial<Rule>) => set({ rule: { ...body.rule, ...part } })
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
  const questionnaires = useList(surveysApi.questionnaires, { status: 'active', limit: 200 })
  const { rule } = body
  return (
    <Form onSubmit={submit} write={save} verb={houseWords.save} keys>
      <Stack>
        {leave}
        <TextField label={words.name} required value={body.name} onChange={(name) => set({ name })} maxLength={60} error={wrong('name')} />
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
        <Panel title={words.rule} actions={<Preview body={whole} />}>
          <Stack gap={12}>
            <MultiChoice
              label={words.classes}
              value={rule.classes}
              onChange={(v) => setRule({ classes: v })}
              options={classes.map((value) => ({ value, label: words.class[value] }))}
              error={wrong('rule', 'classes')}
            />
            <UnitsSelect
              label={words.departments}
              kinds={['department']}
              value={rule.departmentIds}
              onChange={(departmentIds) => setRule({ departmentIds })}
            />
            <UnitsSelect label={words.wards} kinds={['ward']} value={rule.wardIds} onChange={(wardIds) => setRule({ wardIds })} />
            <TextField
              label={words.diagnosisRanges}
              hint={words.diagnosisHint}
              value={codes}
              onChange={(text) => {
                setCodes(text)
                setChanged(true)
              }}
              error={wrong('rule', 'diagnoses') && words.diagnosisWrong}
            />
            <Row gap={16}>
              <NumberField label={words.ageFrom} value={rule.ageFrom} min={0} max={130} onChange={(ageFrom) => setRule({ ageFrom })} />
              <NumberField label={words.ageTo} value={rule.ageTo} min={0} max={130} onChange={(ageTo) => setRule({ ageTo })} />
            </Row>
            <Row gap={16}>
              <NumberField
                label={words.stayFrom}
                value={rule.stayFromDays}
                min={0}
                onChange={(stayFromDays) => setRule({ stayFromDays })}
              />
              <NumberField label={words.stayTo} value={rule.stayToDays} min={0} onChange={(stayToDays) => setRule({ stayToDays })} />
            </Row>
            <SelectField
              label={words.sexName}
              placeholder={words.all}
              value={rule.sex}
              onChange={(sex) => setRule({ sex })}
              options={(['male', 'female'] as const).map((value) => ({ value, label: houseWords.sex[value] }))}
            />
            <MultiChoice
              label={words.everName}
              value={rule.ever}
              onChange={(ever) => setRule({ ever })}
              options={burdens.map((value) => ({ value, label: words.ever[value] }))}
            />
            {body.trigger === 'discharged' && (
              <MultiChoice
                label={words.withoutDispositions}
                value={rule.withoutDispositions}
                onChange={(withoutDispositions) => setRule({ withoutDispositions })}
                options={dispositions.map((value) => ({ value, label: words.disposition[value] }))}
              />
            )}
            <NumberField
              label={words.sample}
              unit="%"
              value={body.samplePercent}
              min={1}
              max={100}
              onChange={(n) => set({ samplePercent: n ?? 100 })}
            />
            <CheckField
              label={words.stopsOnReadmission}
              value={body.stopsOnReadmission}
              onChange={(stopsOnReadmission) => set({ stopsOnReadmission })}
            />
          </Stack>
        </Panel>
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
        {body.steps.map((step, at) => (
          <StepFields
            key={at}
            number={at + 1}
            step={step}
            questionnaires={questionnaires.rows.map((q) => ({ value: q.id, label: q.title }))}
            error={wrong('steps', at)}
            onChange={(next) => set({ steps: body.steps.map((s, n) => (n === at ? next : s)) })}
            onRemove={body.steps.length > 1 ? () => set({ steps: body.steps.filter((_, n) => n !== at) }) : undefined}
          />
        ))}
        <Button icon="add" onClick={() => set({ steps: [...body.steps, emptyStep] })}>
          {words.addStep}
        </Button>
      </Stack>
    </Form>
  )
}

/** How many the rule would have been for in the last month. */
function Preview({ body }: { body: unknown }) {
  const count = useWrite(programmesApi.preview)
  const parsed = programmesApi.preview.input.safeParse(body)
  const [said, setSaid] = useState<{ days: number; all: number; matching: number }>()
  const ask = async () => {
    if (!parsed.success) return
    setSaid(await count.sendAsync(parsed.data).catch(() => undefined)) // what went wrong stands beside the button
  }
  return (
    <>
      <span className="rx-note" role="status">
        {count.error ? words.of(count.error) : said && words.preview(said)}
      </span>
      <Button size="small" busy={count.isSending} disabled={!parsed.success} onClick={() => void ask()}>
        {words.count}
      </Button>
    </>
  )
}
