import { useRead } from '@renxin/client'
import { Button, Column, Description, Drawer, formatFull, houseWords, Loaded, Panel, Row, Stack, Table } from '@renxin/ui'
import { type AuditEntry, auditApi } from '../contract.ts'
import { words } from '../words.ts'
import { actorText, moduleName } from './names.ts'
import { ResultTag } from './ResultTag.tsx'

type Props = { id: string; onClose: () => void; onChoose: (part: { actor?: string; patient?: string; address?: string }) => void }

/** One row of the trail: everything that was noted, what was changed from what to what, and what the same request did besides. */
export function AuditDrawer({ id, onClose, onChoose }: Props) {
  const entry = useRead(auditApi.auditEntry, { id })
  return (
    <Drawer title={words.auditDetail} onClose={onClose}>
      <Loaded of={entry}>
        {(e) => (
          <Stack>
            <Description
              items={[
                { label: words.at, value: formatFull(e.at) },
                { label: words.who, value: actorText(e) },
                { label: words.action, value: `${moduleName(e.action.split('.')[0] ?? '')} · ${e.action}` },
                { label: words.result, value: <ResultTag refusal={e.refusal} /> },
                { label: words.address, value: e.address },
                { label: words.block, value: e.block ?? words.notSealed },
                { label: words.reason, value: e.reason, wide: true },
                { label: words.object, value: e.objectId, wide: true },
                { label: words.patientId, value: e.isProtected ? words.protectedPatient : e.patientId, wide: true },
                { label: words.request, value: e.requestId, wide: true },
              ]}
            />
            <Row>
              {e.actorId && <Button onClick={() => onChoose({ actor: e.actorId ?? '' })}>{words.onlyHim}</Button>}
              {e.patientId && <Button onClick={() => onChoose({ patient: e.patientId ?? '' })}>{words.onlyPatient}</Button>}
              {e.address && <Button onClick={() => onChoose({ address: e.address ?? '' })}>{words.onlyAddress}</Button>}
            </Row>
            <Changes detail={e.detail} />
            {e.together.length > 0 && (
              <Panel title={words.together} flush>
                <Table of={e.together} label={words.together} plain>
                  <Column name={words.action} show={(row: AuditEntry) => <code>{row.action}</code>} />
                  <Column name={words.object} cut show={(row: AuditEntry) => row.objectId ?? row.patientId} />
                  <Column name={words.result} width={90} show={(row: AuditEntry) => <ResultTag refusal={row.refusal} />} />
                </Table>
              </Panel>
            )}
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}

type Change = { name: string; before: unknown; after: unknown }

const isObject = (it: unknown): it is Record<string, unknown> => typeof it === 'object' && it !== null && !Array.isArray(it)

/** What was noted beside the row, as a table: each value before and after, where both were noted. */
export function changesOf(detail: unknown): { changes: Change[]; rest: Change[] } {
  if (!isObject(detail))
    return { changes: [], rest: detail === null || detail === undefined ? [] : [{ name: '', before: null, after: detail }] }
  const { before, after, ...others } = detail
  const named = (it: unknown) => (isObject(it) ? it : it === undefined || it === null ? {} : { '': it })
  const [was, is] = [named(before), named(after)]
  const changes = [...new Set([...Object.keys(was), ...Object.keys(is)])].map((name) => ({
    name,
    before: was[name] ?? null,
    after: is[name] ?? null,
  }))
  return { changes, rest: Object.entries(others).map(([name, value]) => ({ name, before: null, after: value })) }
}

const show = (value: unknown) => (value === null ? houseWords.none : typeof value === 'string' ? value : JSON.stringify(value))

function Changes({ detail }: { detail: unknown }) {
  const { changes, rest } = changesOf(detail)
  if (changes.length === 0 && rest.length === 0) return <p className="rx-note">{words.noDetail}</p>
  const byName = (c: Change) => c.name
  return (
    <>
      {changes.length > 0 && (
        <Table of={changes} label={`${words.before} ${words.after}`} rowKey={byName} plain>
          <Column name={words.field} width={160} show={(c: Change) => c.name} />
          <Column name={words.before} show={(c: Change) => show(c.before)} />
          <Column
            name={words.after}
            show={(c: Change) => (JSON.stringify(c.before) === JSON.stringify(c.after) ? show(c.after) : <b>{show(c.after)}</b>)}
          />
        </Table>
      )}
      {rest.length > 0 && <Description columns={1} items={rest.map((c) => ({ label: c.name, value: show(c.after), wide: true }))} />}
    </>
  )
}
