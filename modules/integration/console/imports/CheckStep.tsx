import { useUrlState, useWrite } from '@renxin/client'
import { Button, Confirm, ErrorNote, Panel, Row, Stack, Tag, useKeys } from '@renxin/ui'
import { useState } from 'react'
import { type ImportFile, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { Discard } from './Discard.tsx'
import { problemTitle } from './phrases.tsx'
import { Rows } from './Rows.tsx'

const w = words.imports

type Problem = ImportFile['problems'][number]
type Asking = { how: 'emptyCell' | 'skipRow'; problem: Problem } | 'reopen'

const keyOf = ({ code, field }: Problem) => `${code}.${field ?? ''}`

/** The third step: what would become of every row, and each problem to be put right where it stands. */
export function CheckStep({ file, onNext }: { file: ImportFile; onNext: () => void }) {
  const [state, setState] = useUrlState({ problem: '', result: '' })
  const [asking, setAsking] = useState<Asking>()
  const chosen = file.problems.find((p) => keyOf(p) === state.problem)
  const done = { onSuccess: () => setAsking(undefined) }
  const mend = useWrite(importsApi.mendRows, done)
  const reopen = useWrite(importsApi.reopen, done)
  useKeys({ 'Ctrl+Enter': onNext })
  const canEmpty = chosen?.field && chosen.code !== 'missing' && chosen.code !== 'noName'
  return (
    <Stack gap={16}>
      <Panel title={w.problemsTitle}>
        {file.problems.length === 0 ? (
          <p className="rx-note">{w.noProblems}</p>
        ) : (
          <Stack gap={12}>
            {(['error', 'warning'] as const).map((level) => {
              const of = file.problems.filter((p) => p.level === level)
              return (
                of.length > 0 && (
                  <Row key={level}>
                    <Tag tone={level === 'error' ? 'danger' : 'warning'}>{w.level[level]}</Tag>
                    {of.map((p) => (
                      <Button
                        key={keyOf(p)}
                        size="small"
                        pressed={keyOf(p) === state.problem}
                        onClick={() => setState({ problem: keyOf(p) === state.problem ? '' : keyOf(p), result: '' })}
                      >
                        {w.problemRows({ problem: problemTitle(p, file.ownFields), n: p.rows })}
                      </Button>
                    ))}
                  </Row>
                )
              )
            })}
            {chosen && chosen.level === 'error' && (
              <Row>
                <span className="rx-note">{w.mendTitle}</span>
                {canEmpty && (
                  <Button size="small" onClick={() => setAsking({ how: 'emptyCell', problem: chosen })}>
                    {w.emptyCells}
                  </Button>
                )}
                <Button size="small" onClick={() => setAsking({ how: 'skipRow', problem: chosen })}>
                  {w.skipRows}
                </Button>
              </Row>
            )}
          </Stack>
        )}
      </Panel>
      <Rows file={file} problem={chosen} result={state.result} onResult={(result) => setState({ result, problem: '' })} />
      <ErrorNote error={reopen.error} text={words.of(reopen.error)} />
      <Row>
        <Button kind="primary" onClick={onNext} keys="Ctrl+Enter">
          {w.toConfirm}
        </Button>
        <Button onClick={() => setAsking('reopen')}>{w.backToColumns}</Button>
        <Discard id={file.id} />
      </Row>
      {asking === 'reopen' && (
        <Confirm
          title={w.reopenTitle}
          verb={w.reopenVerb}
          busy={reopen.isSending}
          error={reopen.error}
          onConfirm={() => reopen.send({ id: file.id })}
          onCancel={() => setAsking(undefined)}
        >
          {w.reopenText}
        </Confirm>
      )}
      {asking && asking !== 'reopen' && (
        <Confirm
          {...wordsOf(asking, file.ownFields)}
          busy={mend.isSending}
          error={mend.error}
          onConfirm={() => mend.send({ id: file.id, problem: asking.problem.code, field: asking.problem.field, how: asking.how })}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </Stack>
  )
}

function wordsOf({ how, problem }: Exclude<Asking, string>, own: ImportFile['ownFields']) {
  const n = problem.rows
  if (how === 'skipRow') return { title: w.skipRowsTitle({ n }), verb: w.skipRowsVerb({ n }), children: w.skipRowsText }
  return { title: w.emptyCellsTitle({ n, field: problemTitle(problem, own) }), verb: w.emptyCellsVerb({ n }), children: w.emptyCellsText }
}
