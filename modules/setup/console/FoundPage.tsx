import { useRead, useWrite } from '@renxin/client'
import { Button, Empty, ErrorNote, Form, Page, Panel, TextField } from '@renxin/ui'
import { useState } from 'react'
import { setupApi } from '../contract.ts'
import { words } from '../words.ts'

/** The first page of an installation of one's own: a hospital and its first administrator. */
export function FoundPage() {
  const token = new URLSearchParams(location.search).get('token') ?? ''
  const state = useRead(setupApi.state, {})
  const [form, setForm] = useState({ hospitalName: '', adminName: 'admin', password: '' })
  const found = useWrite(setupApi.found, { onSuccess: () => location.assign('/') })
  const set = (field: keyof typeof form) => (value: string) => setForm({ ...form, [field]: value })

  if (state.data && !state.data.isEmpty) {
    return (
      <Page title={words.foundTitle}>
        <Empty action={<Button onClick={() => location.assign('/')}>{words.toSignIn}</Button>}>{words.already}</Empty>
      </Page>
    )
  }
  return (
    <Page title={words.foundTitle}>
      <Panel>
        {token === '' ? (
          <Empty>{words.noToken}</Empty>
        ) : (
          <Form onSubmit={() => found.send({ token, ...form })}>
            <p>{words.foundIntro}</p>
            <TextField label={words.hospitalName} value={form.hospitalName} onChange={set('hospitalName')} required autoFocus />
            <TextField label={words.adminName} value={form.adminName} onChange={set('adminName')} required />
            <TextField
              label={words.password}
              hint={words.passwordHint}
              type="password"
              value={form.password}
              onChange={set('password')}
              required
            />
            <ErrorNote error={found.error} />
            <Button kind="primary" type="submit" busy={found.isSending}>
              {words.found}
            </Button>
          </Form>
        )}
      </Panel>
    </Page>
  )
}
