import { useRead, useUnsaved, useUrlState, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  CheckField,
  Choice,
  Column,
  DateField,
  Form,
  formatDay,
  IconButton,
  Loaded,
  notify,
  Page,
  Panel,
  Row,
  Stack,
  StatusTag,
  Table,
  TextField,
  Toolbar,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { type HolidayDay, type HolidayYear, staffApi } from '../contract.ts'
import { words } from '../words.ts'

export function HolidaysPage() {
  const [{ year }, setState] = useUrlState({ year: Number(today().slice(0, 4)) })
  const holidays = useRead(staffApi.holidays, { year })
  return (
    <Page
      title={words.holidays}
      note={words.year({ year })}
      actions={
        <Row>
          <Button icon="previous" onClick={() => setState({ year: year - 1 })}>
            {words.previousYear}
          </Button>
          <Button icon="next" onClick={() => setState({ year: year + 1 })}>
            {words.nextYear}
          </Button>
        </Row>
      }
    >
      <Loaded of={holidays}>{(data) => <Year key={`${data.year} ${JSON.stringify(data.days)}`} saved={data} />}</Loaded>
    </Page>
  )
}

function Year({ saved }: { saved: HolidayYear }) {
  const { year } = saved
  const [days, setDays] = useState<readonly HolidayDay[]>(saved.days)
  const [isAnnounced, setAnnounced] = useState(saved.isAnnounced)
  const isChanged = isAnnounced !== saved.isAnnounced || JSON.stringify(days) !== JSON.stringify(saved.days)
  const leaving = useUnsaved(isChanged)
  const save = useWrite(staffApi.saveHolidays, { onSuccess: () => notify(words.saved) })
  const put = (day: HolidayDay) => setDays([...days.filter((d) => d.day !== day.day), day].sort((a, b) => (a.day < b.day ? -1 : 1)))
  return (
    <>
      {!saved.isAnnounced && <Banner tone="warning">{words.notAnnouncedNote({ year })}</Banner>}
      <Panel
        title={words.year({ year })}
        note={
          <StatusTag tone={saved.isAnnounced ? 'success' : 'warning'}>{saved.isAnnounced ? words.announced : words.notAnnounced}</StatusTag>
        }
      >
        <Stack gap={12}>
          <NewDay year={year} onAdd={put} />
          <Table of={days} rowKey={(d) => d.day} label={words.holidays} empty={words.noDays} maxHeight="50vh">
            <Column name={words.day} width={160} show={(d: HolidayDay) => formatDay(d.day)} />
            <Column
              name={words.dayKind}
              width={140}
              show={(d: HolidayDay) => (
                <StatusTag tone={d.isWorking ? 'info' : 'success'}>{d.isWorking ? words.dayOn : words.dayOff}</StatusTag>
              )}
            />
            <Column name={words.holidayName} show={(d: HolidayDay) => d.name} />
            <Column
              width={60}
              show={(d: HolidayDay) => (
                <IconButton
                  icon="close"
                  label={words.removeDay({ day: d.day })}
                  onClick={() => setDays(days.filter((o) => o.day !== d.day))}
                />
              )}
            />
          </Table>
          <Form onSubmit={() => save.send({ year, isAnnounced, days: [...days] })} write={save} verb={words.save} disabled={!isChanged}>
            <CheckField label={words.markAnnounced} value={isAnnounced} onChange={setAnnounced} />
          </Form>
        </Stack>
      </Panel>
      {leaving}
    </>
  )
}

function NewDay({ year, onAdd }: { year: number; onAdd: (day: HolidayDay) => void }) {
  const [day, setDay] = useState<string | null>(null)
  const [isWorking, setWorking] = useState(false)
  const [name, setName] = useState('')
  const add = () => {
    if (!day) return
    onAdd({ day, isWorking, name: name.trim() })
    setDay(null)
  }
  return (
    <Toolbar label={words.addDay}>
      <DateField label={words.day} value={day} onChange={setDay} min={`${year}-01-01`} max={`${year}-12-31`} />
      <Choice
        label={words.dayKind}
        value={isWorking}
        onChange={setWorking}
        options={[
          { value: false, label: words.dayOff },
          { value: true, label: words.dayOn },
        ]}
      />
      <TextField label={words.holidayName} value={name} onChange={setName} maxLength={40} />
      <Button icon="add" disabled={!day} onClick={add}>
        {words.addDay}
      </Button>
    </Toolbar>
  )
}
