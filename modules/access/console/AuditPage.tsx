import { download, Panels, useFilters, useList, useMe, useRead, useUrlState } from '@renxin/client'
import {
  Button,
  Column,
  DateRangeField,
  formatFull,
  Icon,
  Page,
  Panel,
  Row,
  SearchForm,
  SelectField,
  Stack,
  Table,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type AuditEntry, auditApi, type auditResults } from '../contract.ts'
import { words } from '../words.ts'
import { AuditDrawer } from './AuditDrawer.tsx'
import { AuditRetention } from './AuditRetention.tsx'
import { ExportButton } from './ExportButton.tsx'
import { actorText, moduleName } from './names.ts'
import { ResultTag } from './ResultTag.tsx'

const none = { actor: '', patient: '', action: '', result: '', address: '', from: '', to: '' }
type Result = (typeof auditResults)[number]
const isResult = (text: string): text is Result => text === 'done' || text === 'refused'

export function AuditPage() {
  const { may } = useMe()
  const { filters, draft, change, search } = useFilters(none)
  const [{ row }, setRow] = useUrlState({ row: '' })
  const { actor, patient, action, result, address, from, to } = filters
  const asked = {
    ...(actor && { actorId: actor }),
    ...(patient && { patientId: patient }),
    ...(action && { action }),
    ...(isResult(result) && { result }),
    ...(address && { address }),
    ...(from && { from }),
    ...(to && { to }),
  }
  const entries = useList(auditApi.audit, asked, { keep: true })
  return (
    <Page title={words.audit} note={words.auditNote}>
      <Stack>
        <Panels slot="access.audit" params={{ patientId: patient }} />
        {/* The patient is chosen above, and counts at once. */}
        <SearchForm onSearch={() => search({ patient })} onReset={() => search(none)} busy={entries.isFetching}>
          <ActorField value={draft.actor} onChange={(id) => change({ actor: id })} />
          <DateRangeField
            label={words.days}
            value={draft.from && draft.to ? [draft.from, draft.to] : null}
            onChange={(days) => change({ from: days?.[0] ?? '', to: days?.[1] ?? '' })}
          />
          <TextField
            label={words.action}
            placeholder={words.actionHint}
            value={draft.action}
            onChange={(text) => change({ action: text.trim() })}
          />
          <SelectField
            label={words.result}
            placeholder={words.anyResult}
            options={[
              { value: 'done', label: words.resultName.done },
              { value: 'refused', label: words.resultName.refused },
            ]}
            value={draft.result || null}
            onChange={(value) => change({ result: value ?? '' })}
          />
          <TextField
            label={words.address}
            placeholder={words.exact}
            value={draft.address}
            onChange={(text) => change({ address: text.trim() })}
          />
        </SearchForm>
        <Row>
          <AuditRetention />
          {may('access.exportAudit') && (
            <ExportButton
              label={words.exportAudit}
              onTake={(how) => download(auditApi.exportAudit, { ...asked, ...how })}
              sentence={words.of}
            />
          )}
        </Row>
        <Panel flush>
          <Table
            of={entries}
            label={words.audit}
            empty={words.noAudit}
            memory="access.audit"
            opened={row}
            onOpen={(e: AuditEntry) => setRow({ row: e.id })}
          >
            <Column
              name={words.at}
              width={170}
              show={(e: AuditEntry) => (
                <Row gap={4} wrap={false}>
                  {formatFull(e.at)}
                  {e.isSealed && (
                    <span title={words.sealed}>
                      <Icon name="lock" size={14} />
                      <span className="rx-hidden">{words.sealed}</span>
                    </span>
                  )}
                </Row>
              )}
            />
            <Column name={words.who} width={130} show={(e: AuditEntry) => actorText(e)} />
            <Column
              name={words.action}
              show={(e: AuditEntry) => (
                <>
                  {moduleName(e.action.split('.')[0] ?? '')} · <code>{e.action}</code>
                </>
              )}
            />
            <Column
              name={words.whom}
              width={110}
              show={(e: AuditEntry) =>
                e.isProtected
                  ? words.protectedPatient
                  : e.patientId &&
                    e.patientId !== patient && (
                      <Button kind="link" onClick={() => search({ patient: e.patientId ?? '' })}>
                        {words.onlyPatient}
                      </Button>
                    )
              }
            />
            <Column name={words.result} width={90} show={(e: AuditEntry) => <ResultTag refusal={e.refusal} />} />
            <Column name={words.reason} cut show={(e: AuditEntry) => e.reason} />
            <Column name={words.address} width={130} show={(e: AuditEntry) => e.address} />
            <Column name={words.object} width={160} cut hidden show={(e: AuditEntry) => e.objectId} />
            <Column name={words.request} width={160} cut hidden show={(e: AuditEntry) => e.requestId} />
          </Table>
        </Panel>
      </Stack>
      {row && <AuditDrawer id={row} onClose={() => setRow({ row: '' })} onChoose={(part) => search({ ...none, ...part })} />}
    </Page>
  )
}

/** Finds an account by a part of its name. */
function ActorField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const [search, setSearch] = useState('')
  const found = useRead(auditApi.auditActors, { search }, { keep: true })
  const options = (found.data?.rows ?? []).map((u) => ({ value: u.id, label: `${u.displayName}（${u.name}）` }))
  const known = options.some((o) => o.value === value)
  return (
    <SelectField
      label={words.who}
      options={value && !known ? [{ value, label: words.chosenActor }, ...options] : options}
      loading={found.isLoading}
      onSearch={setSearch}
      value={value || null}
      onChange={(id) => onChange(id ?? '')}
    />
  )
}
