import { GoLink, useList, useMe, useUrlState } from '@renxin/client'
import {
  Button,
  CheckField,
  Column,
  formatDay,
  formatMoment,
  houseWords,
  Page,
  Panel,
  Row,
  SelectField,
  Stack,
  StatusTag,
  Table,
} from '@renxin/ui'
import { RequestKind, RequestState, type RightsRequest, rightsApi } from '../contract.ts'
import { words } from '../words.ts'
import { HandleRight } from './HandleRight.tsx'
import { RightsTerm } from './RightsTerm.tsx'

const t = words.rights
const tones = { open: 'warning', done: 'success', refused: 'plain', withdrawn: 'plain' } as const

/** What patients ask by law: the newest first, opened in a drawer. */
export function RightsPage() {
  const { may } = useMe()
  const [{ kind, state, overdue, patient, open }, setFilters] = useUrlState({ kind: '', state: '', overdue: '', patient: '', open: '' })
  const [ofKind, inState] = [RequestKind.safeParse(kind).data, RequestState.safeParse(state).data]
  const requests = useList(
    rightsApi.rightsRequests,
    {
      ...(ofKind ? { kind: ofKind } : {}),
      ...(inState ? { state: inState } : {}),
      ...(overdue ? { isOverdue: 'true' } : {}),
      ...(patient ? { patientId: patient } : {}),
    },
    { keep: true },
  )
  return (
    <Page title={t.title} actions={may('patients.manage') && <RightsTerm />}>
      <Stack>
        <Row gap={12}>
          <div style={{ width: 160 }}>
            <SelectField
              label={t.kindTitle}
              value={ofKind ?? null}
              onChange={(value) => setFilters({ kind: value ?? '' })}
              options={RequestKind.options.map((k) => ({ value: k, label: t.kind[k] }))}
            />
          </div>
          <div style={{ width: 160 }}>
            <SelectField
              label={t.stateTitle}
              value={inState ?? null}
              onChange={(value) => setFilters({ state: value ?? '' })}
              options={RequestState.options.map((s) => ({ value: s, label: t.state[s] }))}
            />
          </div>
          <CheckField label={t.overdueOnly} value={overdue !== ''} onChange={(is) => setFilters({ overdue: is ? '1' : '' })} />
          {patient && <Button onClick={() => setFilters({ patient: '' })}>{t.ofAll}</Button>}
        </Row>
        <Panel flush>
          <Table
            of={requests}
            label={t.title}
            empty={t.empty}
            memory="patients.rights"
            opened={open}
            onOpen={(r: RightsRequest) => setFilters({ open: r.id })}
          >
            <Column name={t.receivedAt} width={150} show={(r: RightsRequest) => formatMoment(r.receivedAt)} />
            <Column name={t.kindTitle} width={110} show={(r: RightsRequest) => t.kind[r.kind]} />
            <Column
              name={words.name}
              show={(r: RightsRequest) => (
                <GoLink to="patients.file" params={{ id: r.patientId }}>
                  {r.patientName || words.unnamed}
                </GoLink>
              )}
            />
            <Column name={t.askerTitle} show={(r: RightsRequest) => t.asker[r.asker]} />
            <Column
              name={t.stateTitle}
              width={100}
              show={(r: RightsRequest) => (
                <StatusTag tone={r.isOverdue ? 'danger' : tones[r.state]}>{r.isOverdue ? t.overdue : t.state[r.state]}</StatusTag>
              )}
            />
            <Column name={t.dueOn} width={120} show={(r: RightsRequest) => (r.dueOn ? formatDay(r.dueOn) : t.noTerm)} />
            <Column name={t.decidedBy} show={(r: RightsRequest) => r.decidedByName ?? houseWords.none} />
          </Table>
        </Panel>
      </Stack>
      {open && <HandleRight key={open} id={open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}
