import { useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Banner, Button, CheckField, Drawer, ErrorNote, Form, NumberField, notify, SelectField, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { type Destination, type Knock, writeBackApi } from '../write-back-contract.ts'

const MLLP_PORT = 2575 // the number registered for HL7

type Fields = Pick<
  Destination,
  'name' | 'host' | 'application' | 'facility' | 'charset' | 'takesFollowups' | 'takesComplaints' | 'isActive'
>

const empty: Fields = {
  name: '',
  host: '',
  application: '',
  facility: '',
  charset: 'utf-8',
  takesFollowups: true,
  takesComplaints: true,
  isActive: true,
}

/** Where results go: an address, what it takes, and whether anybody is there. */
export function DestinationDrawer({ destination, onClose }: { destination: Destination | undefined; onClose: () => void }) {
  const [id] = useState(() => destination?.id ?? newId())
  const before: Fields & { port: number | null } = destination ?? { ...empty, port: MLLP_PORT }
  const [form, setForm] = useState({
    name: before.name,
    host: before.host,
    port: before.port,
    application: before.application,
    facility: before.facility,
    charset: before.charset,
    takesFollowups: before.takesFollowups,
    takesComplaints: before.takesComplaints,
    isActive: before.isActive,
  })
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const save = useWrite(writeBackApi.saveDestination, {
    onSuccess: () => {
      notify(words.savedDestination)
      onClose()
    },
  })
  const isChanged = Object.entries(form).some(([name, value]) => Reflect.get(before, name) !== value)
  const unsaved = useUnsaved(isChanged && !save.isSending)
  const { port } = form
  const isReady = form.name.trim() !== '' && form.host.trim() !== '' && port !== null && port > 0
  const submit = () => {
    if (isReady) save.send({ id, ...form, port })
  }
  return (
    <Drawer
      title={destination ? words.destinationOf({ name: destination.name }) : words.newDestination}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {words.save}
        </Button>
      }
    >
      {unsaved}
      <Form columns={2} onSubmit={submit} error={save.error} errorText={words.of(save.error)}>
        <TextField label={words.name} required maxLength={100} value={form.name} onChange={(name) => change({ name })} />
        <CheckField
          label={words.destinationActive}
          hint={words.destinationActiveHint}
          value={form.isActive}
          onChange={(isActive) => change({ isActive })}
        />
        <TextField
          label={words.host}
          hint={words.hostHint}
          required
          maxLength={200}
          value={form.host}
          onChange={(host) => change({ host })}
        />
        <NumberField label={words.port} required max={65_535} value={form.port} onChange={(next) => change({ port: next })} />
        <TextField
          label={words.toApplication}
          maxLength={100}
          value={form.application}
          onChange={(application) => change({ application })}
        />
        <TextField label={words.toFacility} maxLength={100} value={form.facility} onChange={(facility) => change({ facility })} />
        <SelectField
          label={words.charset}
          value={form.charset}
          onChange={(value) => change({ charset: value ?? 'utf-8' })}
          options={(['utf-8', 'gb18030'] as const).map((value) => ({ value, label: words.charsets[value] }))}
        />
        <Stack gap={4}>
          <CheckField label={words.takesFollowups} value={form.takesFollowups} onChange={(takesFollowups) => change({ takesFollowups })} />
          <CheckField
            label={words.takesComplaints}
            value={form.takesComplaints}
            onChange={(takesComplaints) => change({ takesComplaints })}
          />
        </Stack>
      </Form>
      <Knocking key={`${form.host}:${port}`} host={form.host.trim()} port={port} />
    </Drawer>
  )
}

/** Tries the address as it stands in the form; nothing is sent to it. */
function Knocking({ host, port }: { host: string; port: number | null }) {
  const [knock, setKnock] = useState<Knock>()
  const test = useWrite(writeBackApi.testDestination, { onSuccess: setKnock })
  return (
    <Stack gap={12}>
      <span>
        <Button
          icon="network"
          busy={test.isSending}
          disabled={host === '' || !port}
          onClick={() => {
            setKnock(undefined)
            if (port) test.send({ host, port })
          }}
        >
          {words.test}
        </Button>
      </span>
      <div aria-live="polite">
        {knock && (
          <Banner tone={knock.outcome === 'connected' ? 'success' : 'danger'}>
            {knock.outcome === 'connected' ? words.knock.connected({ ms: knock.milliseconds }) : words.knock[knock.outcome]}
          </Banner>
        )}
      </div>
      <ErrorNote error={test.error} text={words.of(test.error)} />
    </Stack>
  )
}
