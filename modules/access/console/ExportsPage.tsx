import { GoLink, useList, useMe, useRead, useUrlState } from '@renxin/client'
import {
  Column,
  DateRangeField,
  Description,
  Drawer,
  formatCount,
  formatFull,
  Page,
  Panel,
  SearchForm,
  SelectField,
  Stack,
  Table,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type ExportEntry, exportsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.exporting
const none = { actor: '', kind: '', serial: '', from: '', to: '' }

/** Who took what: each file of data that left the house, by person, kind, day, or by the number that stands in it. */
export function ExportsPage() {
  const [filters, setUrl] = useUrlState(none)
  const [draft, setDraft] = useState({ ...none, ...filters })
  const [opened, setOpened] = useState<ExportEntry>()
  const { actor, kind, serial, from, to } = filters
  const asked = {
    ...(actor && { actorId: actor }),
    ...(kind && { route: kind }),
    ...(serial && isSerial(serial) && { serial }),
    ...(from && { from }),
    ...(to && { to }),
  }
  const list = useList(exportsApi.exports, asked, { keep: true })
  const choices = useRead(exportsApi.exportChoices, {})
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const search = (next: typeof draft) => {
    setDraft(next)
    if (next.serial === '' || isSerial(next.serial)) setUrl(next)
  }
  return (
    <Page title={t.title} note={t.note}>
      <Stack>
        <SearchForm onSearch={() => search(draft)} onReset={() => search(none)} busy={list.isFetching}>
          <SelectField
            label={words.who}
            options={(choices.data?.actors ?? []).map((a) => ({ value: a.id, label: a.name }))}
            value={draft.actor || null}
            onChange={(id) => set({ actor: id ?? '' })}
          />
          <SelectField
            label={t.kind}
            options={(choices.data?.kinds ?? []).map((k) => ({ value: k.route, label: k.title }))}
            value={draft.kind || null}
            onChange={(route) => set({ kind: route ?? '' })}
          />
          <DateRangeField
            label={words.days}
            value={draft.from && draft.to ? [draft.from, draft.to] : null}
            onChange={(days) => set({ from: days?.[0] ?? '', to: days?.[1] ?? '' })}
          />
          <TextField
            label={t.serial}
            placeholder={t.serialHint}
            value={draft.serial}
            onChange={(text) => set({ serial: text.trim() })}
            error={draft.serial && !isSerial(draft.serial) ? t.serialWrong : undefined}
          />
        </SearchForm>
        <Panel flush>
          <Table
            of={list}
            label={t.title}
            empty={t.none}
            memory="access.exports"
            rowKey={serialOf}
            opened={opened?.serial}
            onOpen={setOpened}
          >
            <Column name={t.serial} width={110} show={serialOf} />
            <Column name={words.at} width={160} show={(e: ExportEntry) => formatFull(e.at)} />
            <Column name={words.who} width={130} show={(e: ExportEntry) => e.actorName} />
            <Column name={t.kind} width={150} show={(e: ExportEntry) => e.title} />
            <Column name={words.reason} cut show={(e: ExportEntry) => e.reason} />
            <Column name={t.filters} cut show={filtersOf} />
            <Column name={t.rows} width={80} align="end" show={(e: ExportEntry) => formatCount(e.rows)} />
            <Column name={t.format} width={70} show={(e: ExportEntry) => e.format} />
          </Table>
        </Panel>
      </Stack>
      {opened && <Opened entry={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

function Opened({ entry, onClose }: { entry: ExportEntry; onClose: () => void }) {
  const { may } = useMe()
  return (
    <Drawer title={t.detail} onClose={onClose}>
      <Stack>
        <Description
          items={[
            { label: t.serial, value: entry.serial },
            { label: words.at, value: formatFull(entry.at) },
            { label: words.who, value: entry.actorName },
            { label: t.kind, value: entry.title },
            { label: t.rows, value: formatCount(entry.rows) },
            { label: t.format, value: entry.format },
            { label: words.address, value: entry.address },
            { label: words.action, value: <code>{entry.route}</code> },
            { label: words.reason, value: entry.reason, wide: true },
            { label: t.filters, value: filtersOf(entry), wide: true },
            { label: words.request, value: entry.requestId, wide: true },
          ]}
        />
        {entry.actorId && may('access.audit') && (
          <GoLink to="access.audit" search={{ actor: entry.actorId, action: entry.route }}>
            {t.inAudit}
          </GoLink>
        )}
      </Stack>
    </Drawer>
  )
}

const isSerial = (text: string): boolean => /^(EX-)?\d{1,9}$/i.test(text)
const serialOf = (e: ExportEntry): string => e.serial
const filtersOf = ({ filters }: ExportEntry): string => filters.map(([name, value]) => `${name}：${value}`).join('；') || t.noFilters
