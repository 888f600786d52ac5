import { GoLink, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Column,
  DateField,
  Dialog,
  Drawer,
  formatCount,
  formatDay,
  formatMoment,
  Loaded,
  notify,
  Page,
  Panel,
  Row,
  Stack,
  StatusTag,
  Table,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { type Planning, type Programme, type ProgrammeCard, programmesApi } from '../contract.ts'
import { words } from '../words.ts'
import { Blackouts } from './Blackouts.tsx'
import { NewProgramme } from './NewProgramme.tsx'
import { builderWidth, ProgrammeForm } from './ProgrammeForm.tsx'
import { RiskSettings } from './RiskSettings.tsx'

const NEW = 'new'
const DAYS = 'days'
const ORDER = 'order'
const tones = { draft: 'plain', active: 'success', disabled: 'plain' } as const

/** For whom, when, what is asked and by whom: the hospital's programmes. */
export function ProgrammesPage() {
  const [place, setPlace] = useUrlState({ open: '' })
  const { scopeOf } = useMe()
  const programmes = useRead(programmesApi.programmes, {})
  const close = () => setPlace({ open: '' })
  return (
    <Page
      title={words.programmesTitle}
      actions={
        <>
          {scopeOf('followups.programmes') === 'hospital' && (
            <>
              <Button onClick={() => setPlace({ open: ORDER })}>{words.risk.title}</Button>
              <Button onClick={() => setPlace({ open: DAYS })}>{words.builder.blackouts}</Button>
            </>
          )}
          <Button kind="primary" icon="add" onClick={() => setPlace({ open: NEW })}>
            {words.newProgramme}
          </Button>
        </>
      }
    >
      <Panel flush>
        <Table
          of={programmes}
          label={words.programmesTitle}
          opened={place.open}
          onOpen={(p: ProgrammeCard) => setPlace({ open: p.id })}
          empty={words.noProgrammesYet}
        >
          <Column name={words.name} show={(p: ProgrammeCard) => p.name} />
          <Column name={words.levelName} show={(p: ProgrammeCard) => words.level[p.level]} width={110} />
          <Column name={words.triggerName} show={(p: ProgrammeCard) => words.trigger[p.trigger]} width={120} />
          <Column name={words.stepCount} show={(p: ProgrammeCard) => p.steps} align="end" width={80} />
          <Column name={words.version} show={(p: ProgrammeCard) => p.version} align="end" width={80} />
          <Column name={words.activeFrom} show={(p: ProgrammeCard) => formatDay(p.activeFrom)} width={120} />
          <Column
            name={words.openCount}
            show={(p: ProgrammeCard) => (p.openTasks >= 1000 ? '1,000+' : p.openTasks)}
            align="end"
            width={110}
          />
          <Column
            name={words.status}
            show={(p: ProgrammeCard) => <StatusTag tone={tones[p.status]}>{words.programmeStatus[p.status]}</StatusTag>}
            width={100}
          />
        </Table>
      </Panel>
      {place.open === DAYS && <Blackouts onClose={close} />}
      {place.open === ORDER && <RiskSettings onClose={close} />}
      {place.open === NEW && <NewProgramme onClose={close} onSaved={(id) => setPlace({ open: id })} />}
      {place.open && ![NEW, DAYS, ORDER].includes(place.open) && <OpenProgramme id={place.open} onClose={close} />}
    </Page>
  )
}

function OpenProgramme({ id, onClose }: { id: string; onClose: () => void }) {
  const programme = useRead(programmesApi.programme, { id })
  const { may } = useMe()
  const [isActivating, setActivating] = useState(false)
  const disable = useWrite(programmesApi.disable, { onSuccess: () => notify(words.disabled) })
  const { data } = programme
  return (
    <Drawer
      title={data?.name ?? words.editProgramme}
      size={builderWidth}
      onClose={onClose}
      extra={
        data && (
          <Row gap={8}>
            <StatusTag tone={tones[data.status]}>{words.programmeStatus[data.status]}</StatusTag>
            {data.status === 'active' ? (
              <>
                {may('followups.read') && (
                  <GoLink to="followups.board" search={{ show: 'tomorrow', programme: id }}>
                    {words.builder.tomorrow}
                  </GoLink>
                )}
                <Button size="small" busy={disable.isSending} onClick={() => disable.send({ id })}>
                  {words.disable}
                </Button>
              </>
            ) : (
              <Button size="small" kind="primary" onClick={() => setActivating(true)}>
                {words.activate}
              </Button>
            )}
          </Row>
        )
      }
    >
      <Loaded of={programme} lines={10}>
        {(found) => (
          <Stack>
            {found.planning && <PlanningNote planning={found.planning} />}
            <ProgrammeForm
              key={found.version}
              id={id}
              version={found.version}
              body={found}
              onSaved={(saved) => notify(words.savedProgramme({ n: saved.version }))}
            />
          </Stack>
        )}
      </Loaded>
      {isActivating && data && <Activate programme={data} onClose={() => setActivating(false)} />}
    </Drawer>
  )
}

/** How far it is with the patients of earlier days. What ended before today is of no interest any more. */
function PlanningNote({ planning }: { planning: Planning }) {
  const { status, seen, total, made, fromAt, finishedAt } = planning
  const from = formatDay(fromAt)
  if (status === 'running')
    return (
      <Banner>
        {words.builder.planningRuns({ from, seen: formatCount(seen), total: formatCount(Math.max(seen, total)), made: formatCount(made) })}
      </Banner>
    )
  if (!finishedAt || formatDay(finishedAt) !== formatDay(today())) return null
  const said = { from, seen: formatCount(seen), made: formatCount(made) }
  return <span className="rx-note">{status === 'done' ? words.builder.planningDone(said) : words.builder.planningStopped(said)}</span>
}

function Activate({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const [from, setFrom] = useState<string | null>(today())
  const activate = useWrite(programmesApi.activate, {
    onSuccess: ({ planning }) => {
      notify(planning?.status === 'running' ? words.builder.planningOn : words.activated({ n: planning?.made ?? 0 }))
      onClose()
    },
  })
  return (
    <Dialog
      title={words.activateTitle({ name: programme.name })}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={activate.isSending} onClick={() => activate.send({ id: programme.id, ...(from && { from }) })}>
          {words.activate}
        </Button>
      }
    >
      <Stack>
        <DateField
          label={words.activateFrom}
          value={from}
          onChange={setFrom}
          max={today()}
          hint={words.activateHint}
          error={words.of(activate.error)}
        />
        {programme.activeFrom && <span className="rx-note">{`${words.activeFrom} ${formatMoment(programme.activeFrom)}`}</span>}
      </Stack>
    </Dialog>
  )
}
