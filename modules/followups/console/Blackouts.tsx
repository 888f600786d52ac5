import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Column, DateRangeField, Drawer, Form, formatDay, notify, Stack, Table, TextField, today } from '@renxin/ui'
import { useState } from 'react'
import { type Blackout, programmesApi } from '../contract.ts'
import { words } from '../words.ts'

const b = words.builder

/** The days on which nobody is rung up. */
export function Blackouts({ onClose }: { onClose: () => void }) {
  const list = useRead(programmesApi.blackouts, {})
  const [editing, setEditing] = useState<Blackout>()
  const remove = useWrite(programmesApi.removeBlackout, { onSuccess: ({ moved }) => notify(b.blackoutRemoved({ n: moved })) })
  return (
    <Drawer title={b.blackouts} size={640} onClose={onClose}>
      <Stack>
        <p className="rx-note">{b.blackoutsHint}</p>
        <Table of={list} label={b.blackouts} empty={b.noBlackouts} onOpen={(row: Blackout) => setEditing(row)}>
          <Column name={b.blackoutName} show={(row: Blackout) => row.name} />
          <Column name={b.from} show={(row: Blackout) => formatDay(row.fromOn)} width={120} />
          <Column name={b.until} show={(row: Blackout) => formatDay(row.untilOn)} width={120} />
          <Column
            show={(row: Blackout) =>
              row.untilOn >= today() && (
                <Button size="small" kind="quiet" icon="trash" busy={remove.isSending} onClick={() => remove.send({ id: row.id })}>
                  {b.removeBlackout}
                </Button>
              )
            }
            width={110}
          />
        </Table>
        {editing ? (
          <BlackoutForm key={editing.id} blackout={editing} onDone={() => setEditing(undefined)} />
        ) : (
          <Button icon="add" onClick={() => setEditing({ id: newId(), name: '', fromOn: '', untilOn: '' })}>
            {b.addBlackout}
          </Button>
        )}
      </Stack>
    </Drawer>
  )
}

function BlackoutForm({ blackout, onDone }: { blackout: Blackout; onDone: () => void }) {
  const [name, setName] = useState(blackout.name)
  const [days, setDays] = useState<readonly [string, string] | null>(blackout.fromOn ? [blackout.fromOn, blackout.untilOn] : null)
  const save = useWrite(programmesApi.saveBlackout, {
    onSuccess: ({ moved }) => {
      notify(b.blackoutSaved({ n: moved }))
      onDone()
    },
  })
  const asked = programmesApi.saveBlackout.input.safeParse({ id: blackout.id, body: { name, fromOn: days?.[0], untilOn: days?.[1] } })
  return (
    <Form onSubmit={() => asked.success && save.send(asked.data)} write={save} verb={b.saveBlackout}>
      <Stack gap={12}>
        <TextField label={b.blackoutName} required value={name} onChange={setName} maxLength={60} />
        <DateRangeField label={b.blackoutDays} required value={days} onChange={setDays} />
      </Stack>
    </Form>
  )
}
