import { ExportButton } from '@renxin/access/console'
import { download, useGo, useMe, useUrlState, useWrite } from '@renxin/client'
import { Banner, Button, Confirm, Figure, Figures, formatCount, formatMoment, Row, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type ImportFile, importsApi, RowResult } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { Rows } from './Rows.tsx'

const w = words.imports

/** The fifth step: what became of every row of the file, what was not taken, and the way back. */
export function ResultStep({ file }: { file: ImportFile }) {
  const [state, setState] = useUrlState({ result: '', kept: '' })
  const go = useGo()
  const { may } = useMe()
  const [isAsking, setAsking] = useState(false)
  const undo = useWrite(importsApi.undoImport, { onSuccess: () => setAsking(false) })
  const told = (file.counts?.new ?? 0) + (file.counts?.changed ?? 0)
  return (
    <Stack gap={16}>
      {file.undo && (
        <Banner tone={file.undo.kept > 0 ? 'warning' : 'success'}>
          {file.undo.kept > 0
            ? w.undoneKept({ n: formatCount(file.undo.takenBack), kept: formatCount(file.undo.kept) })
            : w.undone({ n: formatCount(file.undo.takenBack) })}
        </Banner>
      )}
      {file.counts && (
        <Figures>
          {RowResult.options.map((result) => (
            <Figure
              key={result}
              label={w.resultsDone[result]}
              value={formatCount(file.counts?.[result] ?? 0)}
              tone={result === 'failed' && (file.counts?.failed ?? 0) > 0 ? 'danger' : 'plain'}
              onOpen={() => setState({ result, kept: '' })}
            />
          ))}
          <Figure label={w.fileRows} value={formatCount(file.rows)} />
        </Figures>
      )}
      <Row>
        {file.kind === 'staff' && file.status === 'done' && may('access.users') && (
          <Button kind="primary" onClick={() => go('access.users', {}, { open: 'many' })}>
            {w.openAccounts}
          </Button>
        )}
        {(file.counts?.failed ?? 0) > 0 && (
          <ExportButton label={w.downloadFailed} onTake={(how) => download(importsApi.downloadFailed, { id: file.id, ...how })} />
        )}
        {(file.undoUntil || file.status === 'failed') && (
          <Button icon="undo" onClick={() => setAsking(true)}>
            {w.undo}
          </Button>
        )}
        {file.undoUntil && <span className="rx-note">{w.undoUntil({ at: formatMoment(file.undoUntil) })}</span>}
        {(file.undo?.kept ?? 0) > 0 && (
          <Button kind="quiet" pressed={state.kept !== ''} onClick={() => setState({ kept: state.kept ? '' : '1', result: '' })}>
            {w.showKept}
          </Button>
        )}
      </Row>
      <Rows file={file} result={state.result} onResult={(result) => setState({ result, kept: '' })} onlyKept={state.kept !== ''} />
      {isAsking && (
        <Confirm
          title={w.undoTitle}
          verb={w.undoVerb({ n: formatCount(told) })}
          danger
          busy={undo.isSending}
          error={undo.error}
          onConfirm={() => undo.send({ id: file.id })}
          onCancel={() => setAsking(false)}
        >
          {w.undoText}
        </Confirm>
      )}
    </Stack>
  )
}
