import { useRead, useUrlState, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button,
  Column,
  DateField,
  Dialog,
  Drawer,
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
import { type Programme, type ProgrammeCard, programmesApi } from '../contract.ts'
import { words } from '../words.ts'
import { emptyProgramme, ProgrammeForm } from './ProgrammeForm.tsx'

const NEW = 'new'
const tones = { draft: 'plain', active: 'success', disabled: 'plain' } as const

/** For whom, when, what is asked and by whom: the hospital's programmes. */
export function ProgrammesPage() {
  const [place, setPlace] = useUrlState({ open: '' })
  const programmes = useRead(programmesApi.programmes, {})
  const close = () => setPlace({ open: '' })
  return (
    <Page
      title={words.programmesTitle}
      actions={
        <Button kind="primary" icon="add" onClick={() => setPlace({ open: NEW })}>
          {words.newProgramme}
        </Button>
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
      {place.open === NEW && <NewProgramme onClose={close} onSaved={(id) => setPlace({ open: id })} />}
      {place.open && place.open !== NEW && <OpenProgramme id={place.open} onClose={close} />}
    </Page>
  )
}

function NewProgramme({ onClose, onSaved }: { onClose: () => void; onSaved: (id: string) => void }) {
  const [id] = useState(() => newId())
  return (
    <Drawer title={words.newProgramme} size={800} onClose={onClose}>
      <ProgrammeForm id={id} version={0} body={emptyProgramme} onSaved={(saved) => onSaved(saved.id)} />
    </Drawer>
  )
}

function OpenProgramme({ id, onClose }: { id: string; onClose: () => void }) {
  const programme = useRead(programmesApi.programme, { id })
  const [isActivating, setActivating] = useState(false)
  const disable = useWrite(programmesApi.disable, { onSuccess: () => notify(words.disabled) })
  const { data } = programme
  return (
    <Drawer
      title={data?.name ?? words.editProgramme}
      size={800}
      onClose={onClose}
      extra={
        data && (
          <Row gap={8}>
            <StatusTag tone={tones[data.status]}>{words.programmeStatus[data.status]}</StatusTag>
            {data.status === 'active' ? (
              <Button size="small" busy={disable.isSending} onClick={() => disable.send({ id })}>
                {words.disable}
              </Button>
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
          <ProgrammeForm
            key={found.version}
            id={id}
            version={found.version}
            body={found}
            onSaved={(saved) => notify(words.savedProgramme({ n: saved.version }))}
          />
        )}
      </Loaded>
      {isActivating && data && <Activate programme={data} onClose={() => setActivating(false)} />}
    </Drawer>
  )
}

function Activate({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const [from, setFrom] = useState<string | null>(today())
  const activate = useWrite(programmesApi.activate, {
    onSuccess: ({ planned }) => {
      notify(words.activated({ n: planned }))
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
