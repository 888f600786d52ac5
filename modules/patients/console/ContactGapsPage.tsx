import { useAddress, useGo, useList, useRead, useUrlState } from '@renxin/client'
import { addDays } from '@renxin/kernel'
import { Button, Column, Drawer, houseWords, Page, Panel, SelectField, Stack, Table, today } from '@renxin/ui'
import { GapKind, gapKinds, type PatientLine, reachApi, type WardGaps } from '../contract.ts'
import { words } from '../words.ts'
import { sexAndAge } from './PatientCard.tsx'

const t = words.reach
const spans = [7, 30, 90] as const
const spanOf = (text: string) => spans.find((s) => String(s) === text) ?? 30

/** Ward by ward, of those who went home: whose contacts are incomplete. A figure opens the list. */
export function ContactGapsPage() {
  const [{ days, gap, ward }, setState] = useUrlState({ days: '30', gap: '', ward: '' })
  const period = { from: addDays(today(), -spanOf(days)), until: today() }
  const gaps = useRead(reachApi.contactGaps, period, { alsoOf: ['encounters'] })
  const chosen = GapKind.safeParse(gap).data
  const nameOf = (wardId: string) => gaps.data?.rows.find((r) => r.wardId === wardId)?.ward ?? t.allWards
  return (
    <Page title={t.title}>
      <Stack>
        <div style={{ width: 200 }}>
          <SelectField
            label={t.period}
            value={String(spanOf(days))}
            onChange={(value) => setState({ days: value ?? '30' })}
            options={spans.map((s) => ({ value: String(s), label: t.days[s] }))}
          />
        </div>
        <Panel flush>
          <Table of={gaps} label={t.title} empty={t.empty} rowKey={(row: WardGaps) => row.wardId ?? 'none'} memory="patients.gaps">
            <Column name={t.ward} show={(row: WardGaps) => row.ward ?? t.noWard} />
            <Column name={t.patients} width={110} align="end" show={(row: WardGaps) => row.patients} />
            {gapKinds.map((kind) => (
              <Column
                key={kind}
                name={t.gap[kind]}
                width={130}
                align="end"
                show={(row: WardGaps) =>
                  row[kind] === 0 || row.wardId === null ? (
                    <span className="rx-note" style={{ paddingRight: 12 }}>
                      {row[kind]}
                    </span>
                  ) : (
                    <Button
                      kind="link"
                      size="small"
                      label={t.listTitle({ ward: row.ward ?? t.noWard, gap: `${t.gap[kind]} ${row[kind]}` })}
                      onClick={() => setState({ gap: kind, ward: row.wardId ?? '' })}
                    >
                      {row[kind]}
                    </Button>
                  )
                }
              />
            ))}
          </Table>
        </Panel>
      </Stack>
      {chosen && (
        <Drawer title={t.listTitle({ ward: nameOf(ward), gap: t.gap[chosen] })} onClose={() => setState({ gap: '', ward: '' })}>
          <GapList {...period} gap={chosen} wardId={ward} />
        </Drawer>
      )}
    </Page>
  )
}

function GapList({ wardId, ...asked }: { from: string; until: string; gap: GapKind; wardId: string }) {
  const go = useGo()
  const address = useAddress()
  const list = useList(reachApi.gapPatients, { ...asked, ...(wardId ? { wardId } : {}) })
  const basics = { tab: 'basics' }
  return (
    <Table
      of={list}
      label={t.gap[asked.gap]}
      empty={t.listEmpty}
      onOpen={(p: PatientLine) => go('patients.file', { id: p.id }, basics)}
      href={(p: PatientLine) => address('patients.file', { id: p.id }, basics)}
    >
      <Column name={words.name} show={(p: PatientLine) => p.name || words.unnamed} />
      <Column name={`${words.sex} · ${words.age}`} show={sexAndAge} />
      <Column name={words.medicalRecordNumber} show={(p: PatientLine) => p.medicalRecordNumber ?? houseWords.none} />
      <Column name={words.standing.dischargedOn} show={(p: PatientLine) => p.standing.dischargedOn ?? houseWords.none} />
    </Table>
  )
}
