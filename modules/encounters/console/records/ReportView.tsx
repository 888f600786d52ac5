import { useRead } from '@renxin/client'
import { Banner, Column, Description, formatFull, houseWords, Loaded, Row, Stack, Table, Tag } from '@renxin/ui'
import { type FormerValue, type ReportFile, type ReportItem, recordsApi } from '../../records-contract.ts'
import { words } from '../../words.ts'
import { ImagesButton } from '../images/ImagesButton.tsx'
import { FileOfRecord } from './FileOfRecord.tsx'
import { ReportStatus } from './ReportStatus.tsx'
import { ValueMark } from './ValueMark.tsx'

/** One report as its system sent it: what was seen, what it means, and the lines with their limits. */
export function ReportView({ id }: { id: string }) {
  const report = useRead(recordsApi.report, { id })
  return <Loaded of={report}>{(data) => <Report report={data} />}</Loaded>
}

function Report({ report }: { report: ReportFile }) {
  const w = words.records
  return (
    <Stack gap={12}>
      <Row>
        <strong>{report.title ?? w.untitled}</strong>
        <Tag>{w.kind[report.kind]}</Tag>
        <ReportStatus report={report} />
      </Row>
      {report.isCritical && <Banner tone="danger">{w.critical}</Banner>}
      <Description
        columns={2}
        items={[
          { label: w.at, value: formatFull(report.happenedAt) },
          { label: w.reportedAt, value: report.reportedAt && formatFull(report.reportedAt) },
          { label: w.department, value: report.department?.name },
          { label: w.author, value: report.author?.name },
          { label: w.number, value: report.number },
          report.accessionNumber !== null && { label: w.accession, value: report.accessionNumber },
          report.findings !== null && { label: w.findings, value: <Narrative text={report.findings} />, wide: true },
          report.conclusion !== null && { label: w.conclusion, value: <Narrative text={report.conclusion} />, wide: true },
        ]}
      />
      {report.lines.length > 0 && <Lines lines={report.lines} />}
      {report.hasImages && <ImagesButton reportId={report.id} />}
      <FileOfRecord of={report} route={recordsApi.reportFile} />
      {report.link && (
        <a href={report.link} target="_blank" rel="noreferrer noopener">
          {w.originalPage}
        </a>
      )}
    </Stack>
  )
}

export const Narrative = ({ text }: { text: string }) => <span style={{ whiteSpace: 'pre-wrap' }}>{text}</span>

function Lines({ lines }: { lines: readonly ReportItem[] }) {
  const w = words.records
  return (
    <Table of={lines.map((line, at) => ({ ...line, id: String(at) }))} label={w.lines} plain>
      <Column name={w.analyte} show={(i: ReportItem) => i.name} />
      <Column
        name={w.value}
        width={240}
        show={(i: ReportItem) => (
          <Row gap={4}>
            {i.value ?? houseWords.none} <ValueMark mark={i.mark} />
            {i.status && <Tag tone={i.status === 'withdrawn' ? 'warning' : undefined}>{w.lineStatus[i.status]}</Tag>}
            {i.former.map((f) => (
              <Former key={f.saidAt} former={f} />
            ))}
          </Row>
        )}
      />
      <Column name={w.unit} width={90} show={(i: ReportItem) => i.unit ?? houseWords.none} />
      <Column name={w.range} width={130} show={(i: ReportItem) => i.range ?? houseWords.none} />
    </Table>
  )
}

/** What somebody may have acted on before it was put right. */
function Former({ former: { value, unit, mark, status, saidAt } }: { former: FormerValue }) {
  const w = words.records
  return (
    <small className="rx-note" title={formatFull(saidAt)}>
      {status === 'preliminary' ? w.formerlyPreliminary : w.formerly} <s>{[value, unit].filter(Boolean).join(' ')}</s>{' '}
      <ValueMark mark={mark} />
    </small>
  )
}
