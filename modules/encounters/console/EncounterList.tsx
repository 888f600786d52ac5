import { useAddress, useRead } from '@renxin/client'
import { Choice, DateRangeField, Drawer, formatAge, formatDay, Page, Panel, Row, type Rows, Table, Toolbar } from '@renxin/ui'
import type { ReactNode } from 'react'
import { type EncounterCard, encountersApi } from '../contract.ts'
import { words } from '../words.ts'
import { PatientLink } from './EncounterPanel.tsx'

type Days = readonly [string, string] | null
type Filters = { from: string; to: string; open: string }

/** The days of the filters, where both ends are said. */
export const daysOf = ({ from, to }: Filters): Days => (from && to ? [from, to] : null)

type ListProps<S extends string> = {
  title: string
  /** Under which the table remembers how somebody has laid it out. */
  memory: string
  empty: string
  rows: Rows<EncounterCard>
  status: S
  statuses: readonly { value: S; label: string }[]
  /** Which ward or department. */
  unit: ReactNode
  /** Whether the days can be chosen: of what goes on now there is nothing to choose. */
  hasDays: boolean
  filters: Filters
  onFilters: (change: Partial<Filters> & { status?: S }) => void
  /** The columns. */
  children: ReactNode
  drawer: { title: string; size?: number; show: (encounterId: string) => ReactNode }
}

/** Encounters of one kind: by state, unit and day. A row opens beside the list, and what is open and chosen stands in the address. */
export function EncounterList<S extends string>(p: ListProps<S>) {
  const { filters, onFilters } = p
  const address = useAddress()
  return (
    <Page title={p.title}>
      <Toolbar label={p.title}>
        <Choice
          label={words.statusTitle}
          hideLabel
          value={p.status}
          onChange={(status) => onFilters({ status, open: '' })}
          options={p.statuses}
        />
        {p.unit}
        {p.hasDays && (
          <DateRangeField
            label={words.period}
            hideLabel
            value={daysOf(filters)}
            onChange={(days) => onFilters({ from: days?.[0] ?? '', to: days?.[1] ?? '', open: '' })}
          />
        )}
      </Toolbar>
      <Panel flush>
        <Table
          of={p.rows}
          label={p.title}
          memory={p.memory}
          empty={p.empty}
          opened={filters.open}
          onOpen={(e: EncounterCard) => onFilters({ open: e.id })}
          href={(e: EncounterCard) => address('encounters.stay', { id: e.id })}
        >
          {p.children}
        </Table>
      </Panel>
      {filters.open && <Opened id={filters.open} drawer={p.drawer} onClose={() => onFilters({ open: '' })} />}
    </Page>
  )
}

type OpenedProps = { id: string; drawer: ListProps<string>['drawer']; onClose: () => void }

function Opened({ id, drawer: { title, size, show }, onClose }: OpenedProps) {
  const { data } = useRead(encountersApi.file, { id })
  return (
    <Drawer
      title={data ? `${data.patientName} · ${data.number}` : title}
      {...(size && { size })}
      onClose={onClose}
      footer={data && <PatientLink patientId={data.patientId} />}
    >
      {show(id)}
    </Drawer>
  )
}

/** Who it is, and how old at the time of the visit; then what marks the visit. */
export function Person({ of: e, children }: { of: EncounterCard; children?: ReactNode }) {
  return (
    <Row gap={4}>
      <strong>{e.patientName}</strong>
      <small>{formatAge(e.birthOn, e.admittedAt ? formatDay(e.admittedAt) : undefined)}</small>
      {children}
    </Row>
  )
}
