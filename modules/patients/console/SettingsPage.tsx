import { useRead, useUnsaved, useWrite } from '@renxin/client'
import { Button, Form, houseWords, Loaded, NumberField, notify, Page, Panel, Row, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { ContactSettings, patientsApi } from '../contract.ts'
import { words } from '../words.ts'

/** When and how often the hospital may turn to a person by itself. */
export function SettingsPage() {
  const settings = useRead(patientsApi.settings, {})
  return (
    <Page title={words.settingsTitle} note={words.settingsHelp}>
      <Loaded of={settings}>{(data) => <Settings key={JSON.stringify(data)} data={data} />}</Loaded>
    </Page>
  )
}

function Settings({ data }: { data: ContactSettings }) {
  const [said, setSaid] = useState(data)
  const save = useWrite(patientsApi.changeSettings, { onSuccess: () => notify(words.saved) })
  const isUnsaved = JSON.stringify(said) !== JSON.stringify(data)
  const unsaved = useUnsaved(isUnsaved)
  const change = (part: Partial<ContactSettings>) => setSaid({ ...said, ...part })
  const changeHours = (at: number, part: Partial<ContactSettings['quietHours'][number]>) =>
    change({ quietHours: said.quietHours.map((hours, i) => (i === at ? { ...hours, ...part } : hours)) })
  const isWhole = ContactSettings.safeParse(said).success
  return (
    <Panel>
      {unsaved}
      <Form onSubmit={() => isWhole && save.send(said)} write={save} verb={houseWords.save} disabled={!isUnsaved || !isWhole}>
        <fieldset className="rx-field">
          <legend className="rx-label">{words.quietHours}</legend>
          <Stack gap={8}>
            {said.quietHours.map((hours, at) => (
              <Row key={at} gap={12}>
                <TextField
                  label={words.quietFrom}
                  value={hours.from}
                  placeholder="21:00"
                  maxLength={5}
                  onChange={(from) => changeHours(at, { from })}
                />
                <TextField
                  label={words.quietTo}
                  value={hours.to}
                  placeholder="08:00"
                  maxLength={5}
                  onChange={(to) => changeHours(at, { to })}
                />
                <Button kind="quiet" icon="trash" onClick={() => change({ quietHours: said.quietHours.filter((_, i) => i !== at) })}>
                  {words.removeQuiet}
                </Button>
              </Row>
            ))}
            {said.quietHours.length < 5 && (
              <Row>
                <Button icon="add" onClick={() => change({ quietHours: [...said.quietHours, { from: '12:00', to: '14:00' }] })}>
                  {words.addQuiet}
                </Button>
              </Row>
            )}
          </Stack>
        </fieldset>
        <NumberField
          label={words.contactsPerDay}
          required
          min={1}
          max={20}
          value={said.contactsPerDay}
          onChange={(n) => change({ contactsPerDay: n ?? 1 })}
        />
        <NumberField
          label={words.contactsPerWeek}
          hint={words.noLimit}
          min={1}
          max={50}
          value={said.contactsPerWeek}
          onChange={(contactsPerWeek) => change({ contactsPerWeek })}
        />
        <TextField
          label={words.areaCode}
          hint={words.areaCodeHint}
          maxLength={4}
          value={said.areaCode ?? ''}
          onChange={(text) => change({ areaCode: text.trim() || null })}
        />
        <NumberField
          label={words.lastFourSearchesPerHour}
          required
          min={1}
          max={1000}
          value={said.lastFourSearchesPerHour}
          onChange={(n) => change({ lastFourSearchesPerHour: n ?? 60 })}
        />
        <NumberField
          label={words.oldFromAge}
          hint={words.oldFromAgeHint}
          min={1}
          max={120}
          value={said.oldFromAge}
          onChange={(oldFromAge) => change({ oldFromAge })}
        />
      </Form>
    </Panel>
  )
}
