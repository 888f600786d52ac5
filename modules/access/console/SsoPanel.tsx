import { useMe, useRead, useUnsaved, useWrite } from '@renxin/client'
import type { Ask } from '@renxin/kernel'
import { Banner, Button, CheckField, Choice, ErrorNote, Form, Loaded, notify, Panel, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type SsoAnswer, type SsoSettings, ssoApi, ssoLogoutPath } from '../contract.ts'
import { words } from '../words.ts'

const t = words.sso

type Kept = (SsoSettings & { hasSecret: boolean }) | null
type Fields = SsoSettings & { clientSecret: string }

const begun = (): Fields => ({
  isActive: false,
  label: t.title,
  homeUrl: location.origin,
  issuerUrl: '',
  clientId: '',
  clientSecret: '',
  claim: 'preferred_username',
  match: 'name',
  alwaysAsks: true,
  trustsFactor: false,
  signsOutThere: true,
})

function fieldsOf(kept: Kept): Fields {
  if (!kept) return begun()
  const { hasSecret: _, ...fields } = kept
  return { ...fields, clientSecret: '' }
}

/** A secret that was not typed is not sent: it stays as it is. */
const said = ({ clientSecret, ...fields }: Fields): Ask<typeof ssoApi.saveSso> => ({ ...fields, ...(clientSecret && { clientSecret }) })

/** Single sign-on at the hospital's own provider: where it is, who we are to it, and whom it lets in. */
export function SsoPanel() {
  const read = useRead(ssoApi.sso, {})
  return (
    <Panel title={t.title} note={t.note}>
      <p>{t.help}</p>
      <Loaded of={read}>{({ settings }) => <SsoForm key={JSON.stringify(settings)} kept={settings} />}</Loaded>
    </Panel>
  )
}

function SsoForm({ kept }: { kept: Kept }) {
  const before = fieldsOf(kept)
  const [form, setForm] = useState(before)
  const change = (part: Partial<Fields>) => setForm({ ...form, ...part })
  const save = useWrite(ssoApi.saveSso, { onSuccess: () => notify(words.saved) })
  const unsaved = useUnsaved(JSON.stringify(form) !== JSON.stringify(before) && !save.isSending)
  const isReady = ssoApi.saveSso.input.safeParse(said(form)).success
  return (
    <Stack gap={16}>
      {unsaved}
      <Form columns={2} onSubmit={() => isReady && save.send(said(form))} write={save} verb={words.save} disabled={!isReady}>
        <Where form={form} hasSecret={kept?.hasSecret ?? false} change={change} />
        <TextField
          label={t.claim}
          hint={t.claimHint}
          required
          maxLength={100}
          value={form.claim}
          onChange={(claim) => change({ claim: claim.trim() })}
        />
        <Choice
          label={t.match}
          value={form.match}
          onChange={(match) => change({ match })}
          options={(['name', 'number'] as const).map((value) => ({ value, label: t.matches[value] }))}
        />
        <TextField label={t.label} hint={t.labelHint} required maxLength={30} value={form.label} onChange={(label) => change({ label })} />
        <CheckField label={t.isActive} value={form.isActive} onChange={(isActive) => change({ isActive })} />
        <CheckField
          label={t.alwaysAsks}
          hint={t.alwaysAsksHint}
          value={form.alwaysAsks}
          onChange={(alwaysAsks) => change({ alwaysAsks })}
        />
        <CheckField
          label={t.trustsFactor}
          hint={t.trustsFactorHint}
          value={form.trustsFactor}
          onChange={(trustsFactor) => change({ trustsFactor })}
        />
        <CheckField label={t.signsOutThere} value={form.signsOutThere} onChange={(signsOutThere) => change({ signsOutThere })} />
      </Form>
      <Testing key={JSON.stringify(form)} form={form} />
    </Stack>
  )
}

type WhereProps = { form: Fields; hasSecret: boolean; change: (part: Partial<Fields>) => void }

function Where({ form, hasSecret, change }: WhereProps) {
  const { hospital } = useMe()
  return (
    <>
      <TextField
        label={t.issuerUrl}
        hint={t.issuerUrlHint}
        required
        maxLength={500}
        value={form.issuerUrl}
        onChange={(issuerUrl) => change({ issuerUrl: issuerUrl.trim() })}
      />
      <TextField
        label={t.homeUrl}
        hint={t.homeUrlHint}
        required
        maxLength={500}
        value={form.homeUrl}
        onChange={(homeUrl) => change({ homeUrl: homeUrl.trim() })}
      />
      <TextField
        label={t.clientId}
        required
        maxLength={200}
        autoComplete="off"
        value={form.clientId}
        onChange={(clientId) => change({ clientId })}
      />
      <TextField
        label={t.secret}
        hint={hasSecret ? t.secretKept : t.secretHint}
        type="password"
        autoComplete="new-password"
        maxLength={1000}
        value={form.clientSecret}
        onChange={(clientSecret) => change({ clientSecret })}
      />
      {URL.canParse(form.homeUrl) && (
        <p style={{ gridColumn: '1 / -1' }}>
          {t.redirect} <code>{new URL('/sso', form.homeUrl).href}</code>
          <br />
          {t.logout} <code>{new URL(ssoLogoutPath(hospital.id), form.homeUrl).href}</code>
        </p>
      )}
    </>
  )
}

/** Asks the provider as it stands in the form. */
function Testing({ form: { issuerUrl, homeUrl, clientId, clientSecret } }: { form: Fields }) {
  const [answer, setAnswer] = useState<SsoAnswer>()
  const test = useWrite(ssoApi.testSso, { onSuccess: setAnswer })
  const asked = { issuerUrl, homeUrl, clientId, ...(clientSecret && { clientSecret }) }
  const isReady = ssoApi.testSso.input.safeParse(asked).success
  return (
    <div>
      <Button icon="network" busy={test.isSending} disabled={!isReady} onClick={() => test.send(asked)}>
        {t.test}
      </Button>
      <div aria-live="polite">
        {answer && <Banner tone={answer.outcome === 'good' ? 'success' : 'danger'}>{sentenceOf(answer)}</Banner>}
        {answer?.warnings.map((warning) => (
          <Banner key={warning} tone="warning">
            {t.warnings[warning]}
          </Banner>
        ))}
      </div>
      <ErrorNote error={test.error} text={words.of(test.error)} />
    </div>
  )
}

function sentenceOf({ outcome, said: name, milliseconds }: SsoAnswer): string {
  if (outcome === 'good') return t.answer.good({ ms: milliseconds })
  if (outcome === 'issuer') return t.answer.issuer({ said: name ?? '' })
  return t.answer[outcome]
}
