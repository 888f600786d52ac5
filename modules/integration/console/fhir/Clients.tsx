import { permissionName } from '@renxin/access/console'
import { accessApi, type Client } from '@renxin/access/contract'
import { useRead, useUrlState } from '@renxin/client'
import { Button, Column, Drawer, formatMoment, Panel, StatusTag, Table } from '@renxin/ui'
import { words } from '../../words.ts'
import { ClientDrawer } from './ClientDrawer.tsx'
import { NewClient } from './NewClient.tsx'

const NEW = 'new'

/** The systems that sign for themselves. */
export function Clients() {
  const [state, setState] = useUrlState({ client: '' })
  const clients = useRead(accessApi.clients, {})
  const rows = clients.data?.rows ?? []
  const opened = rows.find((c) => c.id === state.client)
  const close = () => setState({ client: '' })
  const add = (
    <Button icon="add" onClick={() => setState({ client: NEW })}>
      {words.fhir.newClient}
    </Button>
  )
  return (
    <Panel flush title={words.fhir.clients} actions={rows.length > 0 && add}>
      <Table
        of={clients}
        label={words.fhir.clients}
        maxHeight={300}
        onOpen={(c: Client) => setState({ client: c.id })}
        opened={state.client}
        empty={words.fhir.noClients}
        emptyAction={add}
      >
        <Column name={words.fhir.clientName} show={(c: Client) => c.name} />
        <Column name={words.fhir.allows} show={(c: Client) => c.scopes.map(permissionName).join('、')} width={320} />
        <Column name={words.fhir.registeredAt} show={(c: Client) => formatMoment(c.createdAt)} width={140} />
        <Column name={words.fhir.lastToken} show={lastToken} width={140} />
        <Column name={words.statusTitle} show={(c: Client) => <ClientState of={c} />} width={110} />
      </Table>
      {state.client === NEW && (
        <Drawer title={words.fhir.newClient} onClose={close}>
          <NewClient onMade={(id) => setState({ client: id })} />
        </Drawer>
      )}
      {opened && <ClientDrawer key={opened.id} client={opened} onClose={close} />}
    </Panel>
  )
}

const lastToken = ({ lastUsedAt }: Client) => (lastUsedAt ? formatMoment(lastUsedAt) : words.fhir.never)

function ClientState({ of: client }: { of: Client }) {
  return client.revokedAt ? <StatusTag>{words.fhir.disabled}</StatusTag> : <StatusTag tone="success">{words.fhir.inUse}</StatusTag>
}
