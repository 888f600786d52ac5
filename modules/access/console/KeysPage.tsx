import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Banner,
  Button,
  Column,
  Confirm,
  DateField,
  Dialog,
  Drawer,
  Form,
  formatMoment,
  houseWords,
  MultiSelectField,
  Page,
  Panel,
  StatusTag,
  Table,
  TextField,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { type ApiKey, accessApi } from '../contract.ts'
import { words } from '../words.ts'
import { allPermissions, permissionName } from './names.ts'

export function KeysPage() {
  const [isNew, setNew] = useState(false)
  const [secret, setSecret] = useState<string>()
  const [revoking, setRevoking] = useState<ApiKey>()
  const keys = useRead(accessApi.apiKeys, {})
  const revoke = useWrite(accessApi.revokeApiKey, { onSuccess: () => setRevoking(undefined) })
  const made = (text: string) => {
    setNew(false)
    setSecret(text)
  }
  return (
    <Page
      title={words.keys}
      actions={
        <Button kind="primary" icon="add" onClick={() => setNew(true)}>
          {words.newKey}
        </Button>
      }
    >
      <Panel flush>
        <Table of={keys} label={words.keys} empty={words.noKeys}>
          <Column name={words.keyName} show={(k: ApiKey) => k.name} />
          <Column name={words.keyScopes} show={(k: ApiKey) => k.scopes.map(permissionName).join('、')} />
          <Column name={words.keyCreated} width={130} show={(k: ApiKey) => formatMoment(k.createdAt)} />
          <Column name={words.keyBy} width={110} show={(k: ApiKey) => k.createdBy} />
          <Column name={words.keyLastUsed} width={130} show={(k: ApiKey) => (k.lastUsedAt ? formatMoment(k.lastUsedAt) : words.keyNever)} />
          <Column name={words.state} width={110} show={(k: ApiKey) => <KeyState apiKey={k} />} />
          <Column
            width={90}
            show={(k: ApiKey) =>
              !k.revokedAt && (
                <Button size="small" kind="quiet" label={`${words.revoke} ${k.name}`} onClick={() => setRevoking(k)}>
                  {words.revoke}
                </Button>
              )
            }
          />
        </Table>
      </Panel>
      {isNew && (
        <Drawer title={words.newKey} onClose={() => setNew(false)}>
          <NewKey onMade={made} />
        </Drawer>
      )}
      {secret && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
      {revoking && (
        <Confirm
          title={words.revokeTitle({ name: revoking.name })}
          verb={words.revoke}
          danger
          busy={revoke.isSending}
          error={revoke.error}
          onConfirm={() => revoke.send({ id: revoking.id })}
          onCancel={() => setRevoking(undefined)}
        >
          {words.revokeText}
        </Confirm>
      )}
    </Page>
  )
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  if (apiKey.revokedAt) return <StatusTag>{words.revoked}</StatusTag>
  return apiKey.isExpired ? <StatusTag tone="warning">{words.expired}</StatusTag> : <StatusTag tone="success">{words.active}</StatusTag>
}

function NewKey({ onMade }: { onMade: (secret: string) => void }) {
  const [id] = useState(() => newId())
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['fhir.read'])
  const [expiresOn, setExpiresOn] = useState<string | null>(null)
  const [isTried, setTried] = useState(false)
  const create = useWrite(accessApi.createApiKey, { onSuccess: (key) => onMade(key.secret) })
  const submit = () => {
    setTried(true)
    if (name.trim() !== '' && scopes.length > 0) create.send({ id, name, scopes, expiresOn })
  }
  return (
    <Form onSubmit={submit} write={create} verb={words.create}>
      <TextField
        label={words.keyName}
        hint={words.keyNameHint}
        required
        value={name}
        onChange={setName}
        maxLength={100}
        error={isTried && name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <MultiSelectField
        label={words.keyScopes}
        required
        value={scopes}
        onChange={setScopes}
        options={allPermissions().map((p) => ({ value: p, label: `${permissionName(p)} ${p}` }))}
        error={isTried && scopes.length === 0 ? houseWords.pleaseChoose : undefined}
      />
      <DateField label={words.keyExpires} value={expiresOn} onChange={setExpiresOn} min={today()} />
    </Form>
  )
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard?.writeText(secret).then(() => setCopied(true))
  return (
    <Dialog
      title={words.keyShown}
      onClose={onClose}
      size={560}
      footer={
        <>
          <Button icon="copy" onClick={copy}>
            {isCopied ? words.copied : words.copy}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {words.iKeptIt}
          </Button>
        </>
      }
    >
      <Banner tone="warning">{words.keyShownText}</Banner>
      <p>
        <code style={{ wordBreak: 'break-all' }}>{secret}</code>
      </p>
    </Dialog>
  )
}
