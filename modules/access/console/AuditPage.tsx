import { GoLink, useList, useUrlState } from '@renxin/client'
import { Button, Column, DateRangeField, formatFull, houseWords, Icon, Page, Panel, Row, SearchForm, Table, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type AuditEntry, accessApi } from '../contract.ts'
import { words } from '../words.ts'
import { moduleName } from './names.ts'

const none = { actor: '', actorName: '', patient: '', action: '', from: '', to: '' }

export function AuditPage() {
  const [filters, setFilters] = useUrlState({ actor: '', patient: '', action: '', from: '', to: '' })
  const [draft, setDraft] = useState({ ...none, ...filters })
  const { actor, patient, action, from, to } = filters
  const entries = useList(
    accessApi.audit,
    {
      ...(actor && { actorId: actor }),
      ...(patient && { patientId: patient }),
      ...(action && { action }),
      ...(from && { from }),
      ...(to && { to }),
    },
    { keep: true },
  )
  const search = (part: Partial<typeof draft> = {}) => {
    const { actorName, ...next } = { ...draft, ...part }
    setDraft({ ...next, actorName })
    setFilters(next)
  }
  return (
    <Page title={words.audit} note={words.auditNote}>
      <SearchForm onSearch={search} onReset={() => search(none)} busy={entries.isFetching}>
        <TextField
          label={words.action}
          placeholder={words.actionHint}
          value={draft.action}
          onChange={(text) => setDraft({ ...draft, action: text.trim() })}
        />
        <DateRangeField
          label={words.days}
          value={draft.from && draft.to ? [draft.from, draft.to] : null}
          onChange={(days) => setDraft({ ...draft, from: days?.[0] ?? '', to: days?.[1] ?? '' })}
        />
        <TextField label={words.patientId} value={draft.patient} onChange={(text) => setDraft({ ...draft, patient: text.trim() })} />
        {draft.actor !== '' && (
          <Button kind="quiet" icon="close" onClick={() => search({ actor: '', actorName: '' })}>
            {words.who} {draft.actorName}
          </Button>
        )}
      </SearchForm>
      <Panel flush>
        <Table of={entries} label={words.audit} empty={words.noAudit} memory="access.audit">
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
          <Column
            name={words.who}
            width={130}
            show={(e: AuditEntry) => <Who entry={e} onChoose={(id) => search({ actor: id, actorName: e.actorName })} />}
          />
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
              e.patientId && (
                <GoLink to="patients.file" params={{ id: e.patientId }}>
                  {words.openPatient}
                </GoLink>
              )
            }
          />
          <Column name={words.reason} cut show={(e: AuditEntry) => e.reason} />
          <Column name={words.address} width={130} show={(e: AuditEntry) => e.address} />
          <Column name={words.object} width={160} cut hidden show={(e: AuditEntry) => e.objectId} />
          <Column name={words.request} width={160} cut hidden show={(e: AuditEntry) => e.requestId} />
        </Table>
      </Panel>
    </Page>
  )
}

function Who({ entry, onChoose }: { entry: AuditEntry; onChoose: (id: string) => void }) {
  const id = entry.actorId
  if (!id) return entry.actorName || houseWords.none
  return (
    <Button kind="link" label={`${entry.actorName} ${words.onlyHim}`} onClick={() => onChoose(id)}>
      {entry.actorName}
    </Button>
  )
}
