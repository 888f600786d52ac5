import { useList, useRead } from '@renxin/client'
import { Column, Figure, Figures, formatFull, formatMoment, formatMoney, houseWords, Stack, StatusTag, Table, Tag } from '@renxin/ui'
import { type BookingCard, type ChargeCard, type OrderCard, type ProcedureCard, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import type { Place } from './place.ts'

const nameOf = (r: { name: string | null }) => r.name ?? words.records.untitled
const departmentOf = (r: { department: { name: string } | null }) => r.department?.name ?? houseWords.none
const time = (r: { happenedAt: string }) => <span title={formatFull(r.happenedAt)}>{formatMoment(r.happenedAt)}</span>

const orderTones = { active: 'info', held: 'warning', stopped: 'plain', completed: 'success', cancelled: 'plain' } as const

export function OrdersTab({ place }: { place: Place }) {
  const orders = useList(recordsApi.orders, place)
  const w = words.records
  return (
    <Table of={orders} label={w.tabs.orders} empty={w.empty.orders} maxHeight={560}>
      <Column name={w.at} width={140} show={time} />
      <Column name={w.name} show={(o: OrderCard) => nameOf(o)} />
      <Column name={w.instruction} cut show={(o: OrderCard) => o.instruction ?? houseWords.none} />
      <Column name={words.kind} width={80} show={(o: OrderCard) => <Tag>{w.orderKind[o.kind]}</Tag>} />
      <Column name={w.author} width={100} show={(o: OrderCard) => o.author?.name ?? houseWords.none} />
      <Column
        name={w.status}
        width={110}
        show={(o: OrderCard) => <StatusTag tone={orderTones[o.status]}>{w.orderStatus[o.status]}</StatusTag>}
      />
    </Table>
  )
}

const inYuan = (cents: number | null) => formatMoney(cents === null ? null : (cents / 100).toFixed(2))

export function ChargesTab({ place }: { place: Place }) {
  const charges = useList(recordsApi.charges, place)
  const totals = useRead(recordsApi.chargeTotals, place)
  const w = words.records
  return (
    <Stack gap={12}>
      {totals.data && totals.data.totals.length > 0 && (
        <Figures>
          {totals.data.totals.map((t) => (
            <Figure key={t.kind} label={w.chargeTotal({ kind: w.chargeKind[t.kind] })} value={inYuan(t.amountCents)} />
          ))}
        </Figures>
      )}
      <Table of={charges} label={w.tabs.charges} empty={w.empty.charges} maxHeight={560}>
        <Column name={w.at} width={140} show={time} />
        <Column name={w.name} show={(c: ChargeCard) => nameOf(c)} />
        <Column name={w.department} width={130} show={departmentOf} />
        <Column name={words.kind} width={90} show={(c: ChargeCard) => <Kind charge={c} />} />
        <Column name={w.quantity} width={80} align="end" show={(c: ChargeCard) => c.quantity ?? houseWords.none} />
        <Column name={w.amount} width={130} align="end" show={(c: ChargeCard) => inYuan(c.amountCents)} />
      </Table>
    </Stack>
  )
}

function Kind({ charge: { kind, status } }: { charge: ChargeCard }) {
  if (status === 'cancelled') return <StatusTag>{words.records.orderStatus.cancelled}</StatusTag>
  return <Tag tone={kind === 'credit' ? 'warning' : 'plain'}>{words.records.chargeKind[kind]}</Tag>
}

const bookingTones = { booked: 'info', arrived: 'success', completed: 'success', cancelled: 'plain', noShow: 'warning' } as const

export function BookingsTab({ place }: { place: Place }) {
  const bookings = useList(recordsApi.bookings, place)
  const w = words.records
  return (
    <Table of={bookings} label={w.tabs.bookings} empty={w.empty.bookings} maxHeight={560}>
      <Column name={w.at} width={140} show={time} />
      <Column name={w.name} show={(b: BookingCard) => nameOf(b)} />
      <Column name={w.reason} cut show={(b: BookingCard) => b.reason ?? houseWords.none} />
      <Column name={w.place} width={160} show={(b: BookingCard) => b.place ?? departmentOf(b)} />
      <Column name={w.doctor} width={100} show={(b: BookingCard) => b.doctor?.name ?? houseWords.none} />
      <Column
        name={w.status}
        width={110}
        show={(b: BookingCard) => <StatusTag tone={bookingTones[b.status]}>{w.bookingStatus[b.status]}</StatusTag>}
      />
    </Table>
  )
}

export function ProceduresTab({ place }: { place: Place }) {
  const procedures = useList(recordsApi.procedures, place)
  const w = words.records
  return (
    <Table of={procedures} label={w.tabs.procedures} empty={w.empty.procedures} maxHeight={560}>
      <Column name={w.at} width={140} show={time} />
      <Column name={w.name} show={(p: ProcedureCard) => nameOf(p)} />
      <Column name={w.code} width={100} show={(p: ProcedureCard) => p.code ?? houseWords.none} />
      <Column name={w.doctor} width={100} show={(p: ProcedureCard) => p.doctor?.name ?? houseWords.none} />
      <Column name={w.anaesthesia} width={130} show={(p: ProcedureCard) => p.anaesthesia ?? houseWords.none} />
      <Column
        name={w.status}
        width={110}
        show={(p: ProcedureCard) => (
          <StatusTag tone={p.status === 'current' ? 'success' : 'plain'}>{w.procedureStatus[p.status]}</StatusTag>
        )}
      />
    </Table>
  )
}
