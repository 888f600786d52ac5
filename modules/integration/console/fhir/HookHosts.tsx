import { useRead, useWrite } from '@renxin/client'
import { Banner, Button, Dialog, ErrorNote, Loaded, notify, Panel, Row, Tag, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { hookHostsApi } from '../../fhir-contract.ts'
import { words } from '../../words.ts'
import { leftOut, readHosts } from './hosts.ts'

/** To which hosts notices may go. */
export function HookHosts() {
  const [isEditing, setEditing] = useState(false)
  const setting = useRead(hookHostsApi.hookHosts, {})
  const hosts = setting.data?.hosts ?? []
  const edit = setting.data && (
    <Button onClick={() => setEditing(true)}>{hosts.length > 0 ? words.fhir.editHosts : words.fhir.setHosts}</Button>
  )
  return (
    <Panel title={words.fhir.hosts} actions={edit}>
      <Loaded of={setting}>
        {(shown) =>
          shown.hosts.length === 0 ? (
            <Banner tone="warning">{words.fhir.anyHost}</Banner>
          ) : (
            <Row gap={8}>
              {shown.hosts.map((host) => (
                <Tag key={host}>{host}</Tag>
              ))}
            </Row>
          )
        }
      </Loaded>
      {isEditing && <EditHosts hosts={hosts} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

const LIMIT = 100

function EditHosts({ hosts: initial, onClose }: { hosts: readonly string[]; onClose: () => void }) {
  const [text, setText] = useState(initial.join('\n'))
  const hooks = useRead(hookHostsApi.hooks, {})
  const save = useWrite(hookHostsApi.saveHookHosts, {
    onSuccess: () => {
      notify(words.fhir.hostsSaved)
      onClose()
    },
  })
  const { hosts, wrong } = readHosts(text)
  const lost = leftOut(hooks.data?.rows ?? [], hosts)
  const isTooMany = hosts.length > LIMIT
  const error = wrong[0] !== undefined ? words.fhir.badHost({ host: wrong[0] }) : isTooMany ? words.fhir.tooManyHosts : undefined
  return (
    <Dialog
      title={words.fhir.hostsTitle}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={save.isSending} disabled={error !== undefined} onClick={() => save.send({ hosts })}>
          {words.fhir.save}
        </Button>
      }
    >
      <TextArea
        label={words.fhir.hosts}
        hideLabel
        hint={words.fhir.hostsHint}
        rows={6}
        maxLength={20_000}
        autoFocus
        value={text}
        onChange={setText}
        error={error}
      />
      <div aria-live="polite">{lost.length > 0 && <Banner tone="warning">{words.fhir.leavesOut({ hosts: lost.join('、') })}</Banner>}</div>
      <ErrorNote error={save.error} text={words.of(save.error)} />
    </Dialog>
  )
}
