import { useList, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import { Banner, Button, Column, Confirm, formatMoment, notify, Page, Panel, Row, SelectField, Table, Tag, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { type Destination, Outgoing, WrittenKind, writeBackApi } from '../write-back-contract.ts'
import { DestinationDrawer } from './DestinationDrawer.tsx'
import { OutgoingDrawer } from './OutgoingDrawer.tsx'
import { HealthTag, healthOf, LineState, troubleOf } from './write-back-phrases.tsx'

const NEW = 'new'
const keyOf = (line: Outgoing) => `${line.destinationId}.${line.eventId}`

/** What goes back to the hospital's systems: where to, how it fares, and each message of it. */
export function WriteBackPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ status: '', destination: '', kind: '', open: '', edit: '' })
  const destinations = useRead(writeBackApi.destinations, {}, { everySeconds: 10 })
  const rows = destinations.data?.rows ?? []
  const status = Outgoing.shape.status.safeParse(state.status).data
  const kind = WrittenKind.safeParse(state.kind).data
  const lines = useList(
    writeBackApi.outgoing,
    { ...(status && { status }), ...(kind && { kind }), ...(state.destination && { destinationId: state.destination }) },
    { keep: true },
  )
  const isFiltered = status !== undefined || kind !== undefined || state.destination !== ''
  const edited = rows.find((d) => d.id === state.edit)
  const add = may('integration.manage') && <Button onClick={() => setState({ edit: NEW })}>{words.newDestination}</Button>
  return (
    <Page title={words.writeBackTitle}>
      {rows
        .filter((d) => healthOf(d) === 'stuck')
        .map((d) => (
          <Banner
            key={d.id}
            tone="danger"
            actions={
              may('integration.manage') && (
                <Button size="small" onClick={() => setState({ edit: d.id })}>
                  {words.checkAddress}
                </Button>
              )
            }
          >
            {words.stuck({ name: d.name, n: d.waiting, why: troubleOf({ status: 'waiting', error: d.lastError }) ?? '' })}
          </Banner>
        ))}
      <Panel flush title={words.destinations} actions={rows.length > 0 && add}>
        <Table
          of={destinations}
          label={words.destinations}
          maxHeight={260}
          onOpen={may('integration.manage') ? (d: Destination) => setState({ edit: d.id }) : undefined}
          opened={state.edit}
          empty={words.emptyDestinations}
          emptyAction={add}
        >
          <Column name={words.name} show={(d: Destination) => d.name} />
          <Column name={words.statusTitle} show={(d: Destination) => <HealthTag of={d} />} width={130} />
          <Column name={words.address} show={addressOf} width={210} cut />
          <Column name={words.takes} show={(d: Destination) => <Takes of={d} />} width={190} />
          <Column name={words.waitingCount} show={waitingOf} width={190} />
          <Column name={words.refusedCount} show={(d: Destination) => <Refused of={d} />} align="end" width={150} />
          <Column name={words.lastSent} show={(d: Destination) => d.lastSentAt && formatMoment(d.lastSentAt)} width={120} />
        </Table>
      </Panel>
      <Toolbar label={words.lines}>
        <SelectField
          label={words.statusTitle}
          hideLabel
          placeholder={words.allStatuses}
          value={status ?? null}
          onChange={(value) => setState({ status: value ?? '', open: '' })}
          options={Outgoing.shape.status.options.map((s) => ({ value: s, label: words.line[s] }))}
        />
        <SelectField
          label={words.destination}
          hideLabel
          placeholder={words.allDestinations}
          value={state.destination || null}
          onChange={(value) => setState({ destination: value ?? '', open: '' })}
          options={rows.map((d) => ({ value: d.id, label: d.name }))}
        />
        <SelectField
          label={words.what}
          hideLabel
          placeholder={words.allKinds}
          value={kind ?? null}
          onChange={(value) => setState({ kind: value ?? '', open: '' })}
          options={WrittenKind.options.map((value) => ({ value, label: words.kind[value] }))}
        />
      </Toolbar>
      <Panel flush>
        <Table
          of={lines}
          label={words.lines}
          rowKey={keyOf}
          onOpen={(line: Outgoing) => setState({ open: keyOf(line) })}
          opened={state.open}
          memory="integration.writeBack"
          empty={words.emptyLines}
          emptyAction={
            isFiltered && (
              <Button onClick={() => setState({ status: '', destination: '', kind: '', open: '' })}>{words.clearFilters}</Button>
            )
          }
        >
          <Column name={words.createdAt} show={(l: Outgoing) => formatMoment(l.createdAt)} width={130} />
          <Column name={words.what} show={(l: Outgoing) => words.kind[l.kind]} width={80} />
          <Column name={words.patient} show={(l: Outgoing) => l.patientName} width={150} />
          <Column name={words.destination} show={(l: Outgoing) => l.destinationName} width={160} cut />
          <Column name={words.statusTitle} show={(l: Outgoing) => <LineState of={l} />} width={100} />
          <Column name={words.doneAt} show={(l: Outgoing) => l.sentAt && formatMoment(l.sentAt)} width={130} />
          <Column name={words.tries} show={(l: Outgoing) => l.attempts} align="end" width={80} />
          <Column name={words.whyNotSent} show={(l: Outgoing) => troubleOf(l)} cut />
        </Table>
      </Panel>
      {state.open && <OutgoingDrawer key={state.open} open={state.open} onClose={() => setState({ open: '' })} />}
      {(edited || state.edit === NEW) && <DestinationDrawer key={state.edit} destination={edited} onClose={() => setState({ edit: '' })} />}
    </Page>
  )
}

const waitingOf = (d: Destination) =>
  d.waiting > 0 && d.waitingSince ? words.waitingSince({ n: d.waiting, since: formatMoment(d.waitingSince) }) : d.waiting

const addressOf = (d: Destination) => (d.way === 'hl7' ? `${d.host}:${d.port}` : d.way === 'fhir' ? d.baseUrl : d.readerRole)

function Takes({ of: d }: { of: Destination }) {
  const kinds = WrittenKind.options.filter(
    (kind) =>
      ({
        followup: d.takesFollowups,
        complaint: d.takesComplaints,
        phone: d.takesPhones,
        flag: d.takesComplaintFlag || d.flagTags.length > 0,
      })[kind],
  )
  return (
    <Row gap={4}>
      {kinds.map((kind) => (
        <Tag key={kind}>{words.kind[kind]}</Tag>
      ))}
      {kinds.length === 0 && <Tag tone="warning">{words.takesNothing}</Tag>}
    </Row>
  )
}

/** How many were refused, and the way to send them all again once the other side was mended. */
function Refused({ of: d }: { of: Destination }) {
  const { may } = useMe()
  const [isAsking, setAsking] = useState(false)
  const again = useWrite(writeBackApi.sendAllAgain, {
    onSuccess: ({ lines }) => {
      setAsking(false)
      notify(words.sentAllAgain({ n: lines }))
    },
  })
  if (d.refused === 0 || !may('integration.mend')) return d.refused
  return (
    <Row gap={8}>
      {d.refused}
      <Button size="small" onClick={() => setAsking(true)}>
        {words.sendAllAgain}
      </Button>
      {isAsking && (
        <Confirm
          title={words.sendAllAgainTitle({ name: d.name, n: d.refused })}
          verb={words.sendAllAgain}
          busy={again.isSending}
          error={again.error}
          onConfirm={() => again.send({ destinationId: d.id })}
          onCancel={() => setAsking(false)}
        >
          <p>{words.sendAllAgainText}</p>
        </Confirm>
      )}
    </Row>
  )
}
