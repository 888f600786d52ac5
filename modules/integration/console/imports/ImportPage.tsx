import { GoLink, useParams, useRead, useUrlState } from '@renxin/client'
import { Refusal } from '@renxin/kernel'
import { Banner, Icon, Loaded, Page, Panel, Row, Stack } from '@renxin/ui'
import { type ImportFile, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { CheckStep } from './CheckStep.tsx'
import { ColumnsStep } from './ColumnsStep.tsx'
import { ConfirmStep } from './ConfirmStep.tsx'
import { isOver, isWorking } from './phrases.tsx'
import { ResultStep } from './ResultStep.tsx'

const w = words.imports
const LOOK_EVERY_SECONDS = 1

/** One import in its five steps. Where it is stands on the server: whoever opens it, wherever, sees the same. */
export function ImportPage() {
  const { id = '' } = useParams()
  const [state, setState] = useUrlState({ confirm: '' })
  const known = useRead(importsApi.importFile, { id })
  const isBusy = known.data ? isWorking(known.data) : false
  const watched = useRead(importsApi.importFile, { id }, { enabled: isBusy, everySeconds: LOOK_EVERY_SECONDS }) // the same answer, read again while work goes on
  const title = known.data?.name ?? w.title
  return (
    <Page title={title} note={known.data && w.kinds[known.data.kind]} back={<GoLink to="integration.imports">{w.list}</GoLink>}>
      <Loaded of={watched.data ? watched : known}>
        {(file) => (
          <Stack gap={16}>
            <Steps at={stepOf(file, state.confirm !== '')} />
            <Step file={file} isConfirming={state.confirm !== ''} onConfirm={(on) => setState({ confirm: on ? '1' : '' })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

const steps = ['file', 'columns', 'check', 'confirm', 'result'] as const
type StepName = (typeof steps)[number]

function stepOf(file: ImportFile, isConfirming: boolean): StepName {
  if (isOver(file)) return 'result'
  if (file.status === 'checked') return isConfirming ? 'confirm' : 'check'
  return file.status === 'checking' ? 'check' : 'columns'
}

function Steps({ at }: { at: StepName }) {
  const now = steps.indexOf(at)
  return (
    <nav aria-label={w.stepsLabel}>
      <ol style={{ display: 'flex', flexWrap: 'wrap', gap: 24, listStyle: 'none', margin: 0, padding: 0 }}>
        {steps.map((step, i) => (
          <li key={step} aria-current={step === at ? 'step' : undefined} style={{ fontWeight: step === at ? 600 : 400 }}>
            <Row gap={4}>
              {i < now ? <Icon name="check" size={16} /> : <span className="rx-note">{i + 1}</span>}
              <span className={i > now ? 'rx-note' : undefined}>{w.steps[step]}</span>
            </Row>
          </li>
        ))}
      </ol>
    </nav>
  )
}

type StepProps = { file: ImportFile; isConfirming: boolean; onConfirm: (on: boolean) => void }

function Step({ file, isConfirming, onConfirm }: StepProps) {
  if (file.status === 'failed') return <Failed file={file} />
  if (file.status === 'discarded') return <Banner tone="plain">{w.status.discarded}</Banner>
  if (isWorking(file)) return <Progress file={file} />
  if (file.status === 'mapping') return <ColumnsStep key={`${file.kind} ${file.sheet} ${file.headRow}`} file={file} />
  if (file.status === 'checked') {
    return isConfirming ? (
      <ConfirmStep file={file} onBack={() => onConfirm(false)} />
    ) : (
      <CheckStep file={file} onNext={() => onConfirm(true)} />
    )
  }
  return <ResultStep file={file} />
}

function Failed({ file }: { file: ImportFile }) {
  const reason =
    file.reason && file.reason !== 'unexpected'
      ? words.of(new Refusal(`integration.${file.reason}`, 'invalid', { row: '', limit: '' }))
      : undefined
  return (
    <Stack gap={16}>
      <Banner tone="danger">{w.failedStatus({ reason: reason ?? w.unexpectedFailure })}</Banner>
      <ResultStep file={file} />
    </Stack>
  )
}

/** How far the work is. It goes on without this page. */
function Progress({ file }: { file: ImportFile }) {
  return (
    <Panel title={w.status[file.status]}>
      <div role="status" aria-live="polite">
        <progress
          aria-label={w.status[file.status]}
          style={{ width: '100%' }}
          max={Math.max(1, file.rows)}
          {...(file.rows > 0 && { value: file.ready })}
        />
        <p>{file.rows > 0 ? w.progress({ ready: file.ready, rows: file.rows }) : w.progressReading}</p>
      </div>
      <p className="rx-hint">{w.backgroundHint}</p>
    </Panel>
  )
}
