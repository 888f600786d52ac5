import { GoLink, useList, useMe, useRead, useUrlState } from '@renxin/client'
import {
  Banner,
  Button,
  CheckField,
  Column,
  DateRangeField,
  formatMoment,
  Page,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  Tag,
  TextField,
  Toolbar,
} from '@renxin/ui'
import { Cause, integrationApi, type MessageRow, MessageStatus } from '../contract.ts'
import { words } from '../words.ts'
import { Causes, ReplayAll } from './Causes.tsx'
import { MessageDrawer } from './MessageDrawer.tsx'
import { causeWord, eventOf, MessageState, senderWord } from './phrases.tsx'
import { Retention } from './Retention.tsx'

const Status = MessageStatus.or(integrationApi.messages.input.shape.status.unwrap())

/** Everything the hospital's systems sent: what became of it, and what to do about what did not apply. */
export function MessagesPage() {
  const { may } = useMe()
  const [filters, setFilters] = useUrlState({
    status: '',
    cause: '',
    sender: '',
    event: '',
    number: '',
    from: '',
    to: '',
    reused: false,
    noted: false,
    byHand: false,
    patient: '',
    open: '',
  })
  const senders = useRead(integrationApi.senders, {})
  const status = Status.safeParse(filters.status).data
  const cause = Cause.safeParse(filters.cause).data
  const sender = senders.data?.rows.find((s) => s.id === filters.sender)
  const change = (part: Partial<typeof filters>) => setFilters({ ...part, open: '' })
  const list = useList(
    integrationApi.messages,
    {
      ...(status && { status }),
      ...(cause && { cause }),
      ...(filters.sender && { senderId: filters.sender }),
      ...(filters.event && { event: filters.event }),
      ...(filters.number && { number: filters.number }),
      ...(filters.reused && { reused: 'yes' as const }),
      ...(filters.noted && { noted: 'yes' as const }),
      ...(filters.byHand && { byHand: 'yes' as const }),
      ...(filters.patient && { patientId: filters.patient }),
      ...(filters.from && { from: filters.from }),
      ...(filters.to && { to: filters.to }),
    },
    { keep: true },
  )
  return (
    <Page title={words.messagesTitle} actions={<Retention />}>
      <Stack gap={12}>
        {may('integration.manage') && <Unclaimed />}
        {filters.patient && (
          <Banner
            tone="info"
            actions={
              <Button size="small" onClick={() => change({ patient: '' })}>
                {words.showAll}
              </Button>
            }
          >
            {words.ofOnePatient}
          </Banner>
        )}
        <Row gap={12}>
          <Causes
            senderId={filters.sender || undefined}
            chosen={cause}
            onChoose={(next) => change({ cause: next ?? '', status: next && next !== 'notes' ? 'unsettled' : '' })}
          />
          {cause && may('integration.mend') && <ReplayAll cause={cause} sender={sender} verb={words.replayAll} />}
        </Row>
        <Toolbar label={words.messagesTitle}>
          <SelectField
            label={words.statusTitle}
            hideLabel
            placeholder={words.allStatuses}
            value={status ?? null}
            onChange={(value) => change({ status: value ?? '', cause: '' })}
            options={[
              { value: 'unsettled' as const, label: words.unsettledOnes },
              ...MessageStatus.options.map((s) => ({ value: s, label: words.status[s] })),
            ]}
          />
          <SelectField
            label={words.sender}
            hideLabel
            placeholder={words.allSenders}
            value={filters.sender || null}
            onChange={(value) => change({ sender: value ?? '' })}
            options={(senders.data?.rows ?? []).map((s) => ({ value: s.id, label: senderWord(s.name) }))}
          />
          <TextField
            label={words.event}
            hideLabel
            placeholder={words.eventHint}
            maxLength={20}
            value={filters.event}
            onChange={(event) => change({ event })}
          />
          <TextField
            label={words.number}
            hideLabel
            placeholder={words.number}
            maxLength={200}
            value={filters.number}
            onChange={(number) => change({ number })}
          />
          <DateRangeField
            label={words.period}
            hideLabel
            value={filters.from && filters.to ? [filters.from, filters.to] : null}
            onChange={(value) => change({ from: value?.[0] ?? '', to: value?.[1] ?? '' })}
          />
          <CheckField label={words.onlyReused} value={filters.reused} onChange={(reused) => change({ reused })} />
          <CheckField label={words.onlyNoted} value={filters.noted} onChange={(noted) => change({ noted })} />
          <CheckField label={words.onlyByHand} value={filters.byHand} onChange={(byHand) => change({ byHand })} />
        </Toolbar>
        <Panel flush>
          <Table
            of={list}
            label={words.messagesTitle}
            onOpen={(m: MessageRow) => setFilters({ open: m.id })}
            opened={filters.open}
            memory="integration.messages"
            maxHeight="max(320px, calc(100dvh - 345px))"
            empty={status === 'unsettled' ? words.nothingToSettle : words.emptyMessages}
          >
            <Column name={words.receivedAt} show={(m: MessageRow) => formatMoment(m.receivedAt)} width={130} />
            <Column name={words.event} show={(m: MessageRow) => eventOf(m)} width={110} />
            <Column name={words.sender} show={(m: MessageRow) => senderWord(m.senderName)} cut />
            <Column name={words.visitNumber} show={(m: MessageRow) => m.visitNumber} width={160} />
            <Column name={words.controlId} show={(m: MessageRow) => m.controlId} width={160} />
            <Column name={words.sentAt} show={(m: MessageRow) => formatMoment(m.sentAt)} width={140} hidden />
            <Column name={words.statusTitle} show={(m: MessageRow) => <MessageState of={m} />} width={100} />
            <Column name={words.warnings} show={(m: MessageRow) => <Warnings of={m} />} width={190} />
          </Table>
        </Panel>
      </Stack>
      {filters.open && <MessageDrawer id={filters.open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}

/** Messages that are no hospital's yet are in no list: whoever looks for them here is shown the way. */
function Unclaimed() {
  const unclaimed = useRead(integrationApi.unclaimed, {}, { everySeconds: 30 })
  const n = unclaimed.data?.rows.length ?? 0
  if (n === 0) return null
  return (
    <Banner tone="warning" actions={<GoLink to="integration.senders">{words.seeUnclaimed}</GoLink>}>
      {words.someUnclaimed({ n })}
    </Banner>
  )
}

function Warnings({ of: m }: { of: MessageRow }) {
  if (!m.reason && !m.hasNotes && !m.reusesControlId) return null
  return (
    <Row gap={4}>
      {causeWord(m.reason)}
      {m.hasNotes && m.reason === null && <Tag tone="warning">{words.causes.notes}</Tag>}
      {m.reusesControlId && <Tag tone="warning">{words.duplicateId}</Tag>}
    </Row>
  )
}
