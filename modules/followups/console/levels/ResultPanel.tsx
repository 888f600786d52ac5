import { ExportButton } from '@renxin/access/console'
import { download, useMe, useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Choice,
  Column,
  Dialog,
  ErrorNote,
  formatCount,
  formatMoment,
  formatPercent,
  Loaded,
  notify,
  Panel,
  Row,
  Stack,
  Table,
  TextArea,
} from '@renxin/ui'
import { useEffect, useRef, useState } from 'react'
import { type Change, checksApi, counted, type Figure } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.checks
const shownCounts = counted.filter((c) => c !== 'notCompared')
type Props = { month: string; version: string; onVersion: (version: string) => void }

/** What was published of a month, version by version; for the centre also how it stands now. */
export function ResultPanel({ month, version, onVersion }: Props) {
  const { may } = useMe()
  const [isPublishing, setPublishing] = useState(false)
  const read = useRead(checksApi.levelResult, { month, ...(version && { version: Number(version) }) }, { keep: true })
  return (
    <Loaded of={read} lines={8}>
      {({ versions, shown, rows, changes, now }) => {
        const publication = versions.find((v) => v.version === shown)
        return (
          <Stack gap={16}>
            {shown !== null && <Seen key={`${month} ${shown}`} month={month} version={shown} />}
            <Row gap={8}>
              {versions.length > 1 && (
                <Choice
                  label={t.version}
                  hideLabel
                  value={shown}
                  onChange={(v) => onVersion(String(v))}
                  options={versions.map((v) => ({ value: v.version, label: t.published({ n: v.version }) }))}
                />
              )}
              {shown !== null && (
                <ExportButton
                  label={t.download}
                  onTake={(how) => download(checksApi.exportResult, { month, version: shown, ...how })}
                  sentence={words.of}
                />
              )}
              {may('followups.sample') && (
                <Button kind="primary" onClick={() => setPublishing(true)}>
                  {t.publish}
                </Button>
              )}
            </Row>
            {publication ? (
              <Panel
                flush
                title={t.published({ n: publication.version })}
                note={`${t.publishedBy({ name: publication.publishedByName, when: formatMoment(publication.publishedAt) })} ${publication.note}`}
              >
                <Figures rows={rows} label={t.resultTitle} />
              </Panel>
            ) : (
              <Banner>{t.notPublished}</Banner>
            )}
            {changes.length > 0 && <Changes of={changes} />}
            {now && (
              <Panel flush title={t.now} note={t.nowNote}>
                <Figures rows={now} label={t.now} />
              </Panel>
            )}
            <span className="rx-note">{t.resultNote}</span>
            {isPublishing && (
              <Publishing month={month} now={now ?? []} isAgain={versions.length > 0} onClose={() => setPublishing(false)} />
            )}
          </Stack>
        )
      }}
    </Loaded>
  )
}

/** Whoever has it before his eyes has seen it: the notice goes from his pages. */
function Seen({ month, version }: { month: string; version: number }) {
  const news = useRead(checksApi.publishedNews, {}).data?.rows ?? []
  const { send } = useWrite(checksApi.seeResult)
  const isTold = useRef(false)
  const isNew = news.some((n) => n.month === month && n.version === version && !n.isSeen)
  useEffect(() => {
    if (!isNew || isTold.current) return
    isTold.current = true
    send({ month, version })
  }, [isNew, send, month, version])
  return null
}

function Figures({ rows, label }: { rows: Figure[]; label: string }) {
  return (
    <Table of={rows} label={label} empty={t.noFigures} rowKey={(f: Figure) => `${f.departmentId} ${f.level}`}>
      <Column name={words.department} width={140} show={(f: Figure) => f.departmentName ?? <strong>{t.hospital}</strong>} />
      <Column name={t.level} width={70} show={(f: Figure) => t.shortLevels[f.level]} />
      {shownCounts.map((c) => (
        <Column key={c} name={t.counts[c]} align="end" width={90} show={(f: Figure) => formatCount(f[c])} />
      ))}
      <Column name={t.truth} align="end" width={190} show={(f: Figure) => <Shared of={f.truth} />} />
      <Column name={t.agreement} align="end" width={190} show={(f: Figure) => <Shared of={f.agreement} />} />
    </Table>
  )
}

function Shared({ of: { count, n, low, high } }: { of: Figure['truth'] }) {
  if (n === 0) return formatPercent(null)
  return (
    <>
      {formatPercent(count / n)}
      <div className="rx-note">{t.interval({ low: formatPercent(low), high: formatPercent(high), n })}</div>
    </>
  )
}

function Changes({ of }: { of: Change[] }) {
  return (
    <Panel flush title={t.changes}>
      <Table of={of} label={t.changes} rowKey={(c: Change) => `${c.departmentId} ${c.level} ${c.count}`} plain maxHeight={320}>
        <Column name={words.department} show={(c: Change) => c.departmentName} />
        <Column name={t.level} width={140} show={(c: Change) => t.levels[c.level]} />
        <Column name={t.count} width={140} show={(c: Change) => t.counts[c.count]} />
        <Column name={t.before} align="end" width={100} show={(c: Change) => formatCount(c.before)} />
        <Column name={t.after} align="end" width={100} show={(c: Change) => formatCount(c.after)} />
      </Table>
    </Panel>
  )
}

function Publishing({ month, now, isAgain, onClose }: { month: string; now: Figure[]; isAgain: boolean; onClose: () => void }) {
  const [note, setNote] = useState('')
  const publish = useWrite(checksApi.publishResult, {
    onSuccess: ({ version }) => {
      notify(t.publishDone({ n: version }))
      onClose()
    },
  })
  const whole = now.find((f) => f.departmentId === null && f.level === 'department')
  return (
    <Dialog
      title={t.publishTitle({ month })}
      onClose={onClose}
      footer={
        <Button kind="primary" busy={publish.isSending} onClick={() => publish.send({ month, note })}>
          {t.publish}
        </Button>
      }
    >
      <Stack>
        <Banner>{t.publishText({ drawn: whole?.drawn ?? 0, checked: whole?.checked ?? 0 })}</Banner>
        <TextArea label={isAgain ? t.publishReason : t.publishNote} value={note} onChange={setNote} maxLength={500} required={isAgain} />
        <ErrorNote error={publish.error} text={words.of(publish.error)} />
      </Stack>
    </Dialog>
  )
}
