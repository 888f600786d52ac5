import { GoLink, useFilters, useList, useMe, useRead, useUrlState } from '@renxin/client'
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
  Tabs,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type ExportEntry, exportsApi } from '../contract.ts'
import { words } from '../words.ts'
import { actorText } from './names.ts'
import { Releases } from './Releases.tsx'
import { filtersOf } from './RequestDetails.tsx'

const t = words.exporting
const none = { actor: '', kind: '', serial: '', from: '', to: '' }

/** Who took what; and for whoever releases, what waits. */
export function ExportsPage() {
  const { may } = useMe()
  const [{ tab }, setUrl] = useUrlState({ tab: '' })
  const lists = [...(may('access.releaseExports') ? (['waiting'] as const) : []), ...(may('access.exports') ? (['taken'] as const) : [])]
  const shown = lists.find((key) => key === tab) ?? lists[0]
  return (
    <Page title={t.title} note={t.note}>
      <Stack>
        {lists.length > 1 && shown && (
          <Tabs
            label={t.title}
            tabs={lists.map((key) => ({ key, label: key === 'waiting' ? t.release.waits : t.release.taken }))}
            value={shown}
            onChange={(key) => setUrl({ tab: key })}
          />
        )}
        {shown === 'waiting' ? <Releases /> : <Taken />}
      </Stack>
    </Page>
  )
}

/** Each file of data that left the house, by person, kind, day, or by the number that stands in it. */
function Taken() {
  const { filters, draft, change, search } = useFilters(none)
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
  const isWrong = draft.serial !== '' && !isSerial(draft.serial)
  return (
    <>
      <Stack>
        <SearchForm onSearch={() => !isWrong && search()} onReset={() => search(none)} busy={list.isFetching}>
          <SelectField
            label={words.who}
            options={(choices.data?.actors ?? []).map((a) => ({ value: a.id, label: a.name }))}
            value={draft.actor || null}
            onChange={(id) => change({ actor: id ?? '' })}
          />
          <SelectField
            label={t.kind}
            options={(choices.data?.kinds ?? []).map((k) => ({ value: k.route, label: k.title }))}
            value={draft.kind || null}
            onChange={(route) => change({ kind: route ?? '' })}
          />
          <DateRangeField
            label={words.days}
            value={draft.from && draft.to ? [draft.from, draft.to] : null}
            onChange={(days) => change({ from: days?.[0] ?? '', to: days?.[1] ?? '' })}
          />
          <TextField
            label={t.serial}
            placeholder={t.serialHint}
            value={draft.serial}
            onChange={(text) => change({ serial: text.trim() })}
            error={isWrong ? t.serialWrong : undefined}
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
            <Column name={words.who} width={130} show={(e: ExportEntry) => actorText(e)} />
            <Column name={t.kind} width={150} show={(e: ExportEntry) => e.title} />
            <Column name={words.reason} cut show={(e: ExportEntry) => e.reason} />
            <Column name={t.filters} cut show={filtersOf} />
            <Column name={t.rows} width={80} align="end" show={(e: ExportEntry) => formatCount(e.rows)} />
            <Column name={t.format} width={70} show={(e: ExportEntry) => t.formats[e.format]} />
          </Table>
        </Panel>
      </Stack>
      {opened && <Opened entry={opened} onClose={() => setOpened(undefined)} />}
    </>
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
            { label: words.who, value: actorText(entry) },
            { label: t.kind, value: entry.title },
            { label: t.rows, value: formatCount(entry.rows) },
            { label: t.format, value: t.formats[entry.format] },
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
