import { ExportButton } from '@renxin/access/console'
import { download, GoLink, useFilters, useList, useMe, useRead } from '@renxin/client'
import {
  Banner, Button, Column, DateRangeField, formatMoment, Page, Panel, Row, SearchForm, SelectField, Stack, StatusTag, Table, Tag,
} from '@renxin/ui' // biome-ignore format: a list
import { useState } from 'react'
import { type UnusualLook, type UnusualRule, UnusualState, unusualApi, unusualRules, unusualStates } from '../contract.ts'
import { reasonText } from '../unusual-reason.ts'
import { words } from '../words.ts'
import { DecideUnusual } from './DecideUnusual.tsx'
import { UnusualRulesDialog } from './UnusualRulesDialog.tsx'

const t = words.unusual
const none = { rule: '', state: 'open', from: '', to: '' }
const isRule = (text: string): text is UnusualRule => unusualRules.some((r) => r === text)
const isState = (text: string): text is UnusualState => UnusualState.safeParse(text).success

/** Looks that an auditor should know of, by the rule that found them, each with why, the rows behind it, and what came of it. */
export function UnusualPage() {
  const { may } = useMe()
  const { filters, draft, change, search } = useFilters(none)
  const [decided, setDecided] = useState<UnusualLook>()
  const [isSetting, setSetting] = useState(false)
  const { rule, state, from, to } = filters
  const days = { ...(from && { from }), ...(to && { to }) }
  const asked = { ...days, ...(isRule(rule) && { rule }), ...(isState(state) && { state }) }
  const list = useList(unusualApi.unusual, asked, { keep: true })
  return (
    <Page title={t.title}>
      <Stack>
        <Banner tone="info">{t.note}</Banner>
        <Counts days={days} onPick={(picked) => search({ rule: picked, state: 'open' })} />
        <SearchForm onSearch={() => search()} onReset={() => search(none)} busy={list.isFetching}>
          <SelectField
            label={t.rule}
            placeholder={t.anyRule}
            options={unusualRules.map((r) => ({ value: r, label: t.rules[r] }))}
            value={isRule(draft.rule) ? draft.rule : null}
            onChange={(value) => change({ rule: value ?? '' })}
          />
          <SelectField
            label={t.state}
            placeholder={t.anyState}
            options={unusualStates.map((s) => ({ value: s, label: t.states[s] }))}
            value={isState(draft.state) ? draft.state : null}
            onChange={(value) => change({ state: value ?? '' })}
          />
          <DateRangeField
            label={t.day}
            value={draft.from && draft.to ? [draft.from, draft.to] : null}
            onChange={(range) => change({ from: range?.[0] ?? '', to: range?.[1] ?? '' })}
          />
        </SearchForm>
        <Row>
          <Button kind="quiet" onClick={() => setSetting(true)}>
            {t.settings}
          </Button>
          {may('access.exportAudit') && (
            <ExportButton
              label={t.exportList}
              onTake={(how) => download(unusualApi.exportUnusual, { ...asked, ...(list.asOf && { asOf: list.asOf }), ...how })}
              sentence={words.of}
            />
          )}
        </Row>
        <Panel flush>
          <Table of={list} label={t.title} empty={t.none} memory="patients.unusual">
            <Column name={t.day} width={105} show={(u: UnusualLook) => u.day} />
            <Column name={t.rule} width={105} show={(u: UnusualLook) => <Tag>{t.rules[u.rule]}</Tag>} />
            <Column name={t.who} width={110} show={(u: UnusualLook) => u.actorName} />
            <Column name={t.whom} width={90} show={(u: UnusualLook) => (u.isProtected ? t.hidden : u.patientName)} />
            <Column name={t.why} show={(u: UnusualLook) => (u.reason ? reasonText(u.reason) : t.hidden)} />
            <Column name={t.looks} width={70} align="end" show={(u: UnusualLook) => u.looks} />
            <Column name={t.state} width={200} show={(u: UnusualLook) => <Outcome of={u} />} />
            <Column
              width={150}
              show={(u: UnusualLook) => (
                <Row gap={8} wrap={false}>
                  <Button size="small" onClick={() => setDecided(u)}>
                    {t.decide}
                  </Button>
                  <GoLink
                    to="access.audit"
                    search={{ actor: u.actorId, from: u.day, to: u.day, ...(u.patientId && { patient: u.patientId }) }}
                  >
                    {t.rows}
                  </GoLink>
                </Row>
              )}
            />
          </Table>
        </Panel>
      </Stack>
      {decided && <DecideUnusual look={decided} onClose={() => setDecided(undefined)} />}
      {isSetting && <UnusualRulesDialog onClose={() => setSetting(false)} />}
    </Page>
  )
}

type Days = { from?: string; to?: string }

/** How many of each rule wait; a click shows them. */
function Counts({ days, onPick }: { days: Days; onPick: (rule: UnusualRule) => void }) {
  const counts = useRead(unusualApi.unusualCounts, days, { keep: true })
  return (
    <Row gap={8}>
      {(counts.data?.rows ?? []).map(({ rule, open }) => (
        <Button key={rule} size="small" kind={open > 0 ? 'plain' : 'quiet'} onClick={() => onPick(rule)}>
          {`${t.rules[rule]} · ${t.waiting({ n: open })}`}
        </Button>
      ))}
    </Row>
  )
}

const tones = { open: 'warning', explained: 'success', followUp: 'danger' } as const

function Outcome({ of: { state, note, asked, decidedBy, decidedAt } }: { of: UnusualLook }) {
  return (
    <>
      <StatusTag tone={tones[state]}>{t.states[state]}</StatusTag>
      {decidedAt && <span className="rx-note"> {t.of({ who: decidedBy ?? '', at: formatMoment(decidedAt) })}</span>}
      {note && <div>{note}</div>}
      {asked && <div className="rx-note">{`${t.asked}：${asked}`}</div>}
    </>
  )
}
