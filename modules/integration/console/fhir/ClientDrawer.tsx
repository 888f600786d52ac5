import { permissionName } from '@renxin/access/console'
import { accessApi, type Client } from '@renxin/access/contract'
import { useMe, useWrite } from '@renxin/client'
import { Button, Confirm, Description, Drawer, formatMoment, notify, SourceText, Stack } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../../words.ts'

/** One system: what it has to be told to come in, and its end. */
export function ClientDrawer({ client, onClose }: { client: Client; onClose: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const revoke = useWrite(accessApi.revokeClient, {
    onSuccess: () => {
      setAsking(false)
      notify(words.fhir.wasDisabled({ name: client.name }))
    },
  })
  return (
    <Drawer
      title={client.name}
      onClose={onClose}
      footer={
        !client.revokedAt && (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {words.fhir.disable}
          </Button>
        )
      }
    >
      <Stack gap={16}>
        {!client.revokedAt && <ToTell client={client} />}
        <Description
          items={[
            { label: words.fhir.allows, value: client.scopes.map(permissionName).join('、'), wide: true },
            { label: words.fhir.keyCount, value: words.fhir.keyCountOf({ n: client.keyCount }) },
            { label: words.fhir.lastToken, value: client.lastUsedAt ? formatMoment(client.lastUsedAt) : words.fhir.never },
            { label: words.fhir.registeredAt, value: formatMoment(client.createdAt) },
            { label: words.fhir.registeredBy, value: client.createdBy },
            client.revokedAt !== null && { label: words.fhir.disabled, value: formatMoment(client.revokedAt) },
          ]}
        />
      </Stack>
      {isAsking && (
        <Confirm
          title={words.fhir.disableTitle({ name: client.name })}
          verb={words.fhir.disable}
          danger
          busy={revoke.isSending}
          error={revoke.error}
          onConfirm={() => revoke.send({ id: client.id })}
          onCancel={() => setAsking(false)}
        >
          {words.fhir.disableText}
        </Confirm>
      )}
    </Drawer>
  )
}

/** The three things that the other side puts into its settings. None of them is a secret. */
function ToTell({ client }: { client: Client }) {
  const { hospital } = useMe()
  const [isCopied, setCopied] = useState(false)
  const base = `${location.origin}/fhir/R4`
  const text = [
    `${words.fhir.base}: ${base}`,
    `${words.fhir.tokenAddress}: ${base}/auth/${hospital.id}/token`,
    `${words.fhir.clientId}: ${client.clientId}`,
  ].join('\n')
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true))
  return (
    <Stack gap={8}>
      <strong>{words.fhir.tellThem}</strong>
      <SourceText label={words.fhir.tellThem}>{text}</SourceText>
      <span>
        <Button size="small" icon="copy" onClick={copy}>
          {isCopied ? words.fhir.copied : words.fhir.copy}
        </Button>
      </span>
    </Stack>
  )
}
