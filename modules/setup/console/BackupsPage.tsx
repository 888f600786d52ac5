import { useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Column,
  Description,
  ErrorNote,
  Figure,
  Figures,
  formatCount,
  formatDuration,
  formatMoment,
  Loaded,
  Page,
  Panel,
  StatusTag,
  Table,
  Toolbar,
} from '@renxin/ui'
import { type Backups, setupApi } from '../contract.ts'
import { words } from '../words.ts'
import { Original } from './Original.tsx'
import { sayFault } from './say.ts'

/** Whether a backup can be relied on, in green or red, and what to do where it cannot. */
export function BackupsPage() {
  const backups = useRead(setupApi.backups, {}, { everySeconds: 5 })
  const begin = useWrite(setupApi.beginBackup)

  return (
    <Page title={words.backupsTitle}>
      <Loaded of={backups}>
        {(b) => (
          <>
            {b.mode === 'on' ? (
              <Health of={b} />
            ) : (
              <Banner tone="danger">{b.mode === 'off' ? words.backupsOff : words.backupsOutside}</Banner>
            )}
            {b.mode === 'on' && (
              <>
                <Toolbar label={words.backupsTitle}>
                  <Button
                    kind="primary"
                    disabled={b.running !== null}
                    busy={begin.isSending}
                    onClick={() => begin.send({ what: 'backup' })}
                  >
                    {words.backupNow}
                  </Button>
                  <Button disabled={b.running !== null || b.lastGoodAt === null} onClick={() => begin.send({ what: 'drill' })}>
                    {words.drillNow}
                  </Button>
                  {b.running && <StatusTag tone="info">{b.running === 'backup' ? words.backupRunning : words.drillRunning}</StatusTag>}
                </Toolbar>
                <ErrorNote error={begin.error} />
                <Numbers of={b} />
                <Facts of={b} />
                <List of={b} />
                <Panel title={words.howToRestore}>
                  <p>{words.restoreSteps}</p>
                  <p>{b.isOwnKey ? words.keepOwnKey : words.keepKey}</p>
                </Panel>
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

type Of = { of: Backups }

function Health({ of: b }: Of) {
  if (b.alarms.length === 0) {
    return (
      <>
        <Banner tone="success">
          {words.backupsGood({ at: formatMoment(b.lastGoodAt), until: b.logUntil ? formatMoment(b.logUntil) : words.backupsNoLog })}
        </Banner>
        {b.isOnSameDisk && <Banner tone="warning">{words.sameDisk}</Banner>}
      </>
    )
  }
  return b.alarms.map((alarm) => (
    <Banner key={alarm} tone="danger">
      {alarm === 'none'
        ? words.backupAlarms.none({ planned: b.at })
        : alarm === 'old'
          ? words.backupAlarms.old({ hours: b.alarmHours })
          : words.backupAlarms[alarm]}
    </Banner>
  ))
}

function Numbers({ of: b }: Of) {
  const isBad = (...alarms: Backups['alarms']) => b.alarms.some((a) => alarms.includes(a))
  const look = (bad: boolean) => ({ tone: bad ? 'danger' : 'success', note: bad ? words.badState : words.goodState }) as const
  return (
    <Figures>
      <Figure label={words.lastGoodBackup} value={b.lastGoodAt && formatMoment(b.lastGoodAt)} {...look(isBad('none', 'old', 'failed'))} />
      <Figure label={words.logUntil} value={b.logUntil && formatMoment(b.logUntil)} {...look(isBad('none', 'logLate'))} />
      <Figure
        label={words.lastDrill}
        value={b.goodDrill && formatDuration(b.goodDrill.seconds)}
        {...look(isBad('drillFailed', 'drillOld') || b.goodDrill === null)}
      />
    </Figures>
  )
}

function Facts({ of: b }: Of) {
  const told = (outcome: Backups['lastBackup']) =>
    outcome && (
      <>
        {formatMoment(outcome.at)} ·{' '}
        {outcome.ok
          ? words.outcomeGood({ duration: formatDuration(outcome.seconds) })
          : words.outcomeBad({ problem: sayFault(outcome.fault) })}
        <Original text={outcome.problem} />
      </>
    )
  const drill = b.lastDrill?.ok
    ? words.drillFound({
        at: formatMoment(b.lastDrill.at),
        duration: formatDuration(b.lastDrill.seconds),
        rows: formatCount(b.lastDrill.rows),
        tables: formatCount(b.lastDrill.tables),
        blocks: formatCount(b.lastDrill.auditBlocks),
      })
    : told(b.lastDrill)
  const planned = words.planned({ at: b.at, keep: b.keepDays, alarm: b.alarmHours })
  return (
    <Panel>
      <Description
        items={[
          { label: words.lastTry, value: told(b.lastBackup), wide: true },
          { label: words.lastDrill, value: drill, wide: true },
          {
            label: words.plan,
            value: `${planned}；${b.drillDays > 0 ? words.drillPlan({ days: b.drillDays }) : words.noDrillPlan}`,
            wide: true,
          },
          { label: words.backupFolder, value: b.folder, wide: true },
        ]}
      />
    </Panel>
  )
}

type Listed = Backups['rows'][number]

function Why({ of: { fault, problem } }: { of: Pick<Listed, 'fault' | 'problem'> }) {
  return (
    <>
      <StatusTag tone="danger">{sayFault(fault)}</StatusTag>
      <Original text={problem} />
    </>
  )
}

function List({ of: b }: Of) {
  return (
    <Panel title={words.backupList}>
      <Table of={b.rows} label={words.backupList} empty={words.noBackups} plain>
        <Column name={words.backupEnded} show={(row: Listed) => (row.endedAt ? formatMoment(row.endedAt) : row.id)} width={200} />
        <Column
          name={words.backupSize}
          align="end"
          show={(row: Listed) => (row.megabytes === null ? null : `${formatCount(Math.max(1, row.megabytes))} MB`)}
          width={120}
        />
        <Column
          name={words.backupState}
          show={(row: Listed) => (row.fault ? <Why of={row} /> : <StatusTag tone="success">{words.usable}</StatusTag>)}
        />
      </Table>
    </Panel>
  )
}
