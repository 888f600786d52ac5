import { GoLink, useMe, useRead } from '@renxin/client'
import { Banner, Loaded, Stack, type TabItem, Tabs } from '@renxin/ui'
import { useState } from 'react'
import { type RecordCounts, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import { DocumentsTab } from './DocumentsTab.tsx'
import { BookingsTab, ChargesTab, OrdersTab, ProceduresTab } from './OtherTabs.tsx'
import type { Place } from './place.ts'
import { ReportList } from './ReportList.tsx'
import { ResultsTab } from './ResultsTab.tsx'

const tabs = {
  laboratory: ResultsTab,
  examinations: ({ place }: { place: Place }) => <ReportList place={place} group="examinations" />,
  documents: DocumentsTab,
  orders: OrdersTab,
  charges: ChargesTab,
  bookings: BookingsTab,
  procedures: ProceduresTab,
}
type TabKey = keyof typeof tabs

const everything = Object.keys(tabs) as TabKey[] // its own keys
const needResults: readonly TabKey[] = ['laboratory', 'examinations', 'documents']

/** What the clinical systems keep of a patient. A tab is read when it is opened. */
export function RecordsPanel({ place, only = everything }: { place: Place; only?: readonly TabKey[] }) {
  const counts = useRead(recordsApi.recordCounts, place)
  return <Loaded of={counts}>{(data) => <Records place={place} counts={data} only={only} />}</Loaded>
}

function Records({ place, counts, only }: { place: Place; counts: RecordCounts; only: readonly TabKey[] }) {
  const { may } = useMe()
  const shown = only.filter((key) => may('encounters.results') || !needResults.includes(key))
  const [chosen, setChosen] = useState<TabKey | undefined>()
  const open = chosen ?? shown.find((key) => counts[key] > 0) ?? shown[0] ?? 'orders'
  const Content = tabs[open]
  const items = shown.map(
    (key): TabItem<TabKey> => ({
      key,
      label: words.records.tabs[key],
      ...(counts[key] > 0 ? { badge: counts[key] } : {}),
      content: key === open ? <Content place={place} /> : null,
    }),
  )
  return (
    <Stack gap={12}>
      {may('encounters.results') && only.includes('laboratory') && <Critical counts={counts} />}
      <Tabs tabs={items} value={open} onChange={setChosen} label={words.records.title} />
    </Stack>
  )
}

function Critical({ counts: { critical } }: { counts: RecordCounts }) {
  const [latest] = critical
  if (!latest) return null
  const titles = [...new Set(critical.map((c) => c.title ?? words.records.untitled))].join('、')
  return (
    <Banner
      tone="danger"
      actions={
        <GoLink to="encounters.report" params={{ id: latest.reportId }}>
          {words.records.openReport}
        </GoLink>
      }
    >
      {words.records.criticalNotice({ n: critical.length, titles })}
    </Banner>
  )
}

type OfPatient = Record<string, string>

/** The panels on a patient's page. */
export function LaboratoryOfPatient({ patientId = '' }: OfPatient) {
  const counts = useRead(recordsApi.recordCounts, { patientId })
  return (
    <Stack gap={12}>
      {counts.data && <Critical counts={counts.data} />}
      <ResultsTab place={{ patientId }} />
    </Stack>
  )
}
export const ExaminationsOfPatient = ({ patientId = '' }: OfPatient) => <ReportList place={{ patientId }} group="examinations" />
export const DocumentsOfPatient = ({ patientId = '' }: OfPatient) => <DocumentsTab place={{ patientId }} />
export const OtherRecordsOfPatient = ({ patientId = '' }: OfPatient) => (
  <RecordsPanel place={{ patientId }} only={['orders', 'charges', 'bookings', 'procedures']} />
)
