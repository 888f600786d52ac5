import { useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, CheckField, Choice, Drawer, Form, notify, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { type Destination, ways, writeBackApi } from '../write-back-contract.ts'
import { Knocking } from './DestinationKnock.tsx'
import { PlaceFields } from './DestinationPlace.tsx'
import { TakesFields } from './DestinationTakes.tsx'
import type { Fields } from './destination-fields.ts'

const MLLP_PORT = 2575 // the number registered for HL7

const empty: Fields = {
  name: '',
  way: 'hl7',
  host: '',
  port: MLLP_PORT,
  baseUrl: '',
  identifierSystem: '',
  auth: 'none',
  authUser: '',
  authSecret: '',
  readerRole: '',
  application: '',
  facility: '',
  charset: 'utf-8',
  followupsAs: 'oru',
  takesFollowups: true,
  takesComplaints: true,
  takesPhones: false,
  takesComplaintFlag: false,
  flagTags: [],
  isActive: true,
}

function fieldsOf(destination: Destination | undefined): Fields {
  if (!destination) return empty
  const { id, hasSecret, waiting, waitingSince, refused, lastSentAt, lastError, ...fields } = destination
  return { ...fields, authSecret: '' }
}

/** What another way would need is not sent. */
function placeOf({ way, host, port, baseUrl, identifierSystem, auth, authUser, authSecret, readerRole }: Fields) {
  const secret = authSecret === '' ? {} : { authSecret }
  if (way === 'hl7') return { way, host, port }
  if (way === 'fhir') return { way, baseUrl: baseUrl?.trim() ?? '', identifierSystem, auth, authUser, ...secret }
  return { way, readerRole }
}

/** Where results go: the way and the address, what it takes, and whether anybody is there. */
export function DestinationDrawer({ destination, onClose }: { destination: Destination | undefined; onClose: () => void }) {
  const [id] = useState(() => destination?.id ?? newId())
  const before = fieldsOf(destination)
  const [form, setForm] = useState(before)
  const change = (part: Partial<Fields>) => setForm({ ...form, ...part })
  const save = useWrite(writeBackApi.saveDestination, {
    onSuccess: () => {
      notify(words.savedDestination)
      onClose()
    },
  })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const place = placeOf(form)
  const isReachable = writeBackApi.testDestination.input.safeParse(place).success
  const isReady = form.name.trim() !== '' && isReachable
  const { name, application, facility, charset, followupsAs, takesFollowups, takesComplaints, takesPhones, takesComplaintFlag } = form
  const takes = { application, facility, charset, followupsAs, takesFollowups, takesComplaints, takesPhones, takesComplaintFlag }
  const submit = () => {
    if (isReady) save.send({ id, name, ...place, ...takes, flagTags: form.flagTags, isActive: form.isActive })
  }
  return (
    <Drawer
      title={destination ? words.destinationOf({ name: destination.name }) : words.newDestination}
      size={640}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {words.save}
        </Button>
      }
    >
      {unsaved}
      <Stack gap={16}>
        <Form columns={2} onSubmit={submit} write={save}>
          <TextField label={words.name} required maxLength={100} value={name} onChange={(next) => change({ name: next })} />
          <CheckField
            label={words.destinationActive}
            hint={words.destinationActiveHint}
            value={form.isActive}
            onChange={(isActive) => change({ isActive })}
          />
          {!destination && (
            <Choice
              label={words.way}
              hint={words.wayHint}
              value={form.way}
              onChange={(way) => change({ way, followupsAs: way === 'fhir' ? 'response' : 'oru' })}
              options={ways.map((value) => ({ value, label: words.ways[value] }))}
            />
          )}
          <PlaceFields form={form} change={change} hasSecret={destination?.hasSecret ?? false} />
          <TakesFields form={form} change={change} />
        </Form>
        <Knocking
          key={JSON.stringify(place)}
          id={destination?.id}
          place={isReachable ? place : undefined}
          way={form.way}
          role={form.readerRole}
        />
      </Stack>
    </Drawer>
  )
}
