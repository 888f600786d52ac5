import { useRead, useUrlState, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Banner,
  Button,
  CheckField,
  Choice,
  Column,
  Drawer,
  Form,
  NumberField,
  notify,
  Page,
  Panel,
  SourceText,
  Stack,
  StatusTag,
  Table,
  TextArea,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type ScreenLink, screenLinkApi } from '../screen-link-contract.ts'
import { words } from '../words.ts'

const NEW = 'new'

/** Signed addresses between our screens and those of the hospital's systems. */
export function LinksPage() {
  const [state, setState] = useUrlState({ edit: '' })
  const links = useRead(screenLinkApi.screenLinks, {})
  const edited = links.data?.rows.find((l) => l.id === state.edit)
  const add = <Button onClick={() => setState({ edit: NEW })}>{words.links.add}</Button>
  return (
    <Page title={words.links.title}>
      <Panel flush title={words.links.title} actions={(links.data?.rows.length ?? 0) > 0 && add}>
        <Table
          of={links}
          label={words.links.title}
          onOpen={(l: ScreenLink) => setState({ edit: l.id })}
          opened={state.edit}
          empty={words.links.empty}
          emptyAction={add}
        >
          <Column name={words.name} show={(l: ScreenLink) => l.name} width={220} />
          <Column name={words.links.direction} show={(l: ScreenLink) => words.links.directions[l.direction]} width={260} />
          <Column name={words.links.template} show={(l: ScreenLink) => l.template} cut />
          <Column name={words.links.window} show={(l: ScreenLink) => l.windowSeconds} align="end" width={100} />
          <Column
            name={words.statusTitle}
            show={(l: ScreenLink) => (
              <StatusTag tone={l.isActive ? 'success' : 'plain'}>{l.isActive ? words.links.active : words.health.off}</StatusTag>
            )}
            width={110}
          />
        </Table>
      </Panel>
      {(edited || state.edit === NEW) && <LinkDrawer key={state.edit} link={edited} onClose={() => setState({ edit: '' })} />}
    </Page>
  )
}

function LinkDrawer({ link, onClose }: { link: ScreenLink | undefined; onClose: () => void }) {
  const [id] = useState(() => link?.id ?? newId())
  const [form, setForm] = useState({
    name: link?.name ?? '',
    direction: link?.direction ?? ('in' as const),
    template: link?.template ?? '',
    windowSeconds: link?.windowSeconds ?? 60,
    signsIn: link?.signsIn ?? false,
    isActive: link?.isActive ?? true,
    secret: '',
  })
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const save = useWrite(screenLinkApi.saveScreenLink, {
    onSuccess: () => {
      notify(words.links.saved)
      onClose()
    },
  })
  const isOut = form.direction === 'out'
  const { secret, template, ...rest } = form
  const isReady = form.name.trim() !== '' && (secret === '' ? link !== undefined : secret.length >= 32)
  const submit = () => {
    if (isReady) save.send({ id, ...rest, template: isOut ? template : null, ...(secret && { secret }) })
  }
  return (
    <Drawer
      title={link ? words.links.of({ name: link.name }) : words.links.add}
      size={640}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={!isReady} onClick={submit} keys="Ctrl+Enter">
          {words.save}
        </Button>
      }
    >
      <Stack gap={16}>
        <Form onSubmit={submit} write={save}>
          <TextField label={words.name} required maxLength={100} value={form.name} onChange={(name) => change({ name })} />
          {!link && (
            <Choice
              label={words.links.direction}
              value={form.direction}
              onChange={(direction) => change({ direction })}
              options={(['in', 'out'] as const).map((value) => ({ value, label: words.links.directions[value] }))}
            />
          )}
          {isOut && (
            <TextArea
              label={words.links.template}
              hint={words.links.templateHint}
              required
              maxLength={2000}
              value={template}
              onChange={(next) => change({ template: next })}
            />
          )}
          <TextField
            label={words.links.secret}
            hint={words.links.secretHint}
            required={!link}
            type="password"
            autoComplete="new-password"
            maxLength={500}
            value={secret}
            onChange={(next) => change({ secret: next })}
          />
          {!isOut && (
            <>
              <NumberField
                label={words.links.window}
                hint={words.links.windowHint}
                required
                max={3600}
                value={form.windowSeconds}
                onChange={(next) => change({ windowSeconds: next ?? 60 })}
              />
              <CheckField
                label={words.links.signsIn}
                hint={words.links.signsInHint}
                value={form.signsIn}
                onChange={(signsIn) => change({ signsIn })}
              />
            </>
          )}
          <CheckField label={words.links.active} value={form.isActive} onChange={(isActive) => change({ isActive })} />
        </Form>
        {link && <Testing of={link} />}
        {!isOut && <Sample id={id} />}
      </Stack>
    </Drawer>
  )
}

type Told = { outcome: keyof typeof words.links.outcome; address: string | null; secondsOff: number | null }

function Testing({ of: link }: { of: ScreenLink }) {
  const [address, setAddress] = useState('')
  const [told, setTold] = useState<Told>()
  const test = useWrite(screenLinkApi.testScreenLink, { onSuccess: setTold })
  return (
    <Stack gap={12}>
      {link.direction === 'in' && <TextArea label={words.links.testAddress} maxLength={4000} value={address} onChange={setAddress} />}
      <span>
        <Button busy={test.isSending} onClick={() => test.send({ id: link.id, ...(address && { address }) })}>
          {words.links.test}
        </Button>
      </span>
      <div aria-live="polite">
        {told && <Banner tone={told.outcome === 'good' || told.outcome === 'made' ? 'success' : 'danger'}>{sentenceOf(told)}</Banner>}
      </div>
      {told?.address && <SourceText label={words.links.outcome.made}>{told.address}</SourceText>}
    </Stack>
  )
}

const sentenceOf = ({ outcome, secondsOff }: Told): string =>
  outcome === 'expired' ? words.links.outcome.expired({ seconds: Math.abs(secondsOff ?? 0) }) : words.links.outcome[outcome]

/** How the other side signs, so that nobody has to guess. */
function Sample({ id }: { id: string }) {
  return (
    <Stack gap={8}>
      <strong>{words.links.sample}</strong>
      <SourceText label={words.links.sample}>{`import hashlib, hmac, time, urllib.parse, uuid
part = dict(time=int(time.time()), nonce=uuid.uuid4().hex, workNumber=..., medicalRecordNumber=..., visitNumber='')
lines = '\\n'.join(str(part[p]) for p in ('time', 'nonce', 'workNumber', 'medicalRecordNumber', 'visitNumber'))
part['signature'] = hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()
address = '${location.origin}/link?link=${id}&' + urllib.parse.urlencode(part)`}</SourceText>
    </Stack>
  )
}
