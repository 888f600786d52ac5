import { useWrite } from '@renxin/client'
import { Banner, Button, Description, ErrorNote, formatCount, formatMoment, Panel, Row, Stack, useKeys } from '@renxin/ui'
import { type ImportFile, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'

const w = words.imports

/** The fourth step: what will be done, in figures, before it is done. */
export function ConfirmStep({ file, onBack }: { file: ImportFile; onBack: () => void }) {
  const apply = useWrite(importsApi.applyImport)
  const counts = file.counts ?? { new: 0, changed: 0, unchanged: 0, skipped: 0, failed: 0 }
  const taken = counts.new + counts.changed + counts.unchanged
  const start = () => {
    if (taken > 0) apply.send({ id: file.id })
  }
  useKeys({ 'Ctrl+Enter': start })
  return (
    <Stack gap={16}>
      <Panel title={w.confirmTitle} note={w.confirmText({ rows: formatCount(file.rows) })}>
        <Description
          columns={3}
          items={[
            { label: w.confirmNew, value: formatCount(counts.new) },
            { label: w.confirmChanged, value: formatCount(counts.changed) },
            { label: w.confirmUnchanged, value: formatCount(counts.unchanged) },
            { label: w.confirmSkipped, value: formatCount(counts.skipped) },
            { label: w.confirmFailed, value: formatCount(counts.failed) },
            { label: w.saidAt, value: formatMoment(file.saidAt) },
          ]}
        />
        <p className="rx-hint">{w.saidAtHint}</p>
      </Panel>
      {taken === 0 && <Banner tone="warning">{w.nothing}</Banner>}
      <ErrorNote error={apply.error} text={words.of(apply.error)} />
      <Row>
        <Button kind="primary" busy={apply.isSending} disabled={taken === 0} onClick={start} keys="Ctrl+Enter">
          {w.apply({ n: formatCount(taken) })}
        </Button>
        <Button onClick={onBack}>{w.backToCheck}</Button>
        <span className="rx-note">{w.undoHint}</span>
      </Row>
    </Stack>
  )
}
