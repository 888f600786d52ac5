import { GoLink, useMe, useRead, useWrite } from '@renxin/client'
import { Banner, Button, Column, ErrorNote, formatMoment, Loaded, Page, Panel, Row, Stack, StatusTag, Table, type Tone } from '@renxin/ui'
import { useState } from 'react'
import { type ChecklistStep, checklistApi, type Step, type StepState } from '../contract.ts'
import { words } from '../words.ts'
import { Original } from './Original.tsx'
import { sayFailed, sayFinding, sayTodo } from './say.ts'

const t = words.checklist
const tones: Record<StepState, Tone> = { done: 'success', open: 'plain', warning: 'warning' }

/** Where each step is done, and which permission that takes. */
const places: Readonly<Record<Step, { page: string; may: string; search?: Record<string, string> }>> = {
  units: { page: 'staff.units', may: 'staff.manage' },
  people: { page: 'staff.units', may: 'staff.manage', search: { tab: 'people' } },
  accounts: { page: 'access.users', may: 'access.read' },
  offices: { page: 'access.users', may: 'access.read' },
  holidays: { page: 'staff.holidays', may: 'staff.manage' },
  machine: { page: 'setup.health', may: 'setup.health' },
  network: { page: 'setup.health', may: 'setup.health' },
  backup: { page: 'setup.backups', may: 'setup.backups' },
  drill: { page: 'setup.backups', may: 'setup.backups' },
  doors: { page: 'integration.interfaces', may: 'integration.read' },
  patients: { page: 'integration.imports', may: 'integration.import' },
  questionnaires: { page: 'surveys.questionnaires', may: 'surveys.read' },
  programmes: { page: 'followups.programmes', may: 'followups.programmes' },
  firstFollowup: { page: 'followups.today', may: 'followups.work' },
}

/** What a hospital does before its first day. Once all of it is done one line is left. */
export function ChecklistPage() {
  const checklist = useRead(checklistApi.checklist, {}, { everySeconds: 15, alsoOf: ['staff', 'access', 'surveys', 'followups'] })
  const [isWhole, setWhole] = useState(false)
  return (
    <Page title={t.title}>
      <Loaded of={checklist}>
        {({ steps, isDone }) =>
          isDone && !isWhole ? (
            <Banner
              tone="success"
              actions={
                <Button size="small" onClick={() => setWhole(true)}>
                  {t.show}
                </Button>
              }
            >
              {t.allDone}
            </Banner>
          ) : (
            <Steps of={steps} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Steps({ of: steps }: { of: readonly ChecklistStep[] }) {
  const { may } = useMe()
  const test = useWrite(checklistApi.tryStep)
  const [asked, setAsked] = useState<Step>()
  const left = steps.filter((s) => s.state !== 'done').length
  return (
    <Stack gap={12}>
      {left > 0 ? <Banner>{t.left({ n: left, all: steps.length })}</Banner> : <Banner tone="success">{t.allDone}</Banner>}
      <ErrorNote error={test.error} />
      <Panel flush>
        <Table of={steps} label={t.title} rowKey={(s: ChecklistStep) => s.step} plain>
          <Column name={t.step} width={150} show={(s: ChecklistStep) => `${steps.indexOf(s) + 1}. ${t.steps[s.step].name}`} />
          <Column
            name={t.state}
            width={100}
            show={(s: ChecklistStep) => <StatusTag tone={tones[s.state]}>{t.states[s.state]}</StatusTag>}
          />
          <Column name={t.how} show={(s: ChecklistStep) => <How of={s} />} />
          <Column
            width={180}
            show={(s: ChecklistStep) => (
              <Row>
                <Button
                  size="small"
                  label={t.testOf({ step: t.steps[s.step].name })}
                  busy={test.isSending && asked === s.step}
                  disabled={test.isSending}
                  onClick={() => {
                    setAsked(s.step)
                    test.send({ step: s.step })
                  }}
                >
                  {t.test}
                </Button>
                {may(places[s.step].may) && (
                  <GoLink to={places[s.step].page} search={places[s.step].search} aria-label={t.goTo({ step: t.steps[s.step].name })}>
                    {t.go}
                  </GoLink>
                )}
              </Row>
            )}
          />
        </Table>
      </Panel>
    </Stack>
  )
}

function How({ of: s }: { of: ChecklistStep }) {
  return (
    <>
      <div>{sayStanding(s)}</div>
      {s.state === 'warning' && s.check && s.check.state !== 'good' && (
        <>
          <div>{sayFinding(s.check)}</div>
          <div>{sayTodo(s.check)}</div>
        </>
      )}
      <div aria-live="polite">{s.lastTry && <LastTry of={s} tried={s.lastTry} />}</div>
    </>
  )
}

function sayStanding({ step, state, count, check }: ChecklistStep): string | null {
  if (state === 'warning' && check && check.state !== 'good') return null // what was found says it
  const { done, open } = t.steps[step]
  const said = state === 'open' ? open : done
  return typeof said === 'string' ? said : said({ count: count ?? 0 })
}

function LastTry({ of: { state }, tried }: { of: ChecklistStep; tried: NonNullable<ChecklistStep['lastTry']> }) {
  const at = formatMoment(tried.at)
  if (tried.ok) return <StatusTag tone="success">{t.tryGood({ at, name: tried.byName })}</StatusTag>
  return (
    <>
      <StatusTag tone={state === 'done' ? 'warning' : 'danger'}>
        {t.tryBad({ at, name: tried.byName, what: sayFailed(tried) || t.nothingThere })}
      </StatusTag>
      {tried.fault && <Original text={tried.what} />}
    </>
  )
}
