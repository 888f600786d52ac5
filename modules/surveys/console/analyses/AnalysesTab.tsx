import { ExportButton } from '@renxin/access/console'
import { download, useMe, useRead } from '@renxin/client'
import { Button, Loaded, Panel, Row, SelectField, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type AnalysisKind, analysesApi, analysisKinds, dimensions } from '../../contract.ts'
import { words } from '../../words.ts'
import { AnalysisPanel } from './AnalysisPanel.tsx'
import type { Asked, Look } from './look.ts'

const w = words.analyses

/** The analyses that the questionnaire keeps, worked out over its answers of a time; and one that is looked at for now. */
export function AnalysesTab({ asked }: { asked: Asked }) {
  const { may } = useMe()
  const { questionnaireId } = asked
  const kept = useRead(analysesApi.analyses, { questionnaireId })
  return (
    <Loaded of={kept}>
      {({ analyses, questions }) => (
        <Stack>
          {may('analytics.export') && analyses.length > 0 && (
            <Row>
              <ExportButton
                label={w.export}
                sentence={words.of}
                onTake={(how) => download(analysesApi.exportAnalyses, { ...asked, ...how })}
              />
            </Row>
          )}
          {analyses.length === 0 && <p className="rx-note">{w.none}</p>}
          {analyses.map(({ name, ...look }) => (
            <AnalysisPanel key={`${name} ${look.kind} ${look.item} ${look.by ?? ''}`} name={name || w.untitled} asked={asked} look={look} />
          ))}
          {questions.length > 0 && <ForNow asked={asked} questions={questions} />}
        </Stack>
      )}
    </Loaded>
  )
}

type Questions = { linkId: string; text: string; kinds: AnalysisKind[]; isSpread: boolean }[]

/** Any question by any dimension, without keeping it. */
function ForNow({ asked, questions }: { asked: Asked; questions: Questions }) {
  const [kind, setKind] = useState<AnalysisKind>('cross')
  const [item, setItem] = useState<string | null>(null)
  const [by, setBy] = useState<string | null>('department')
  const mayBe = questions.filter((q) => q.kinds.includes(kind))
  const chosen = mayBe.find((q) => q.linkId === item)
  const look: Look | undefined =
    chosen && (kind !== 'cross' || by) ? { kind, item: chosen.linkId, ...(by && kind !== 'distribution' && { by }) } : undefined
  return (
    <Panel title={w.adHoc}>
      <Stack>
        <Row>
          <SelectField
            label={w.kind}
            required
            value={kind}
            options={analysisKinds.map((k) => ({ value: k, label: w.kinds[k] }))}
            onChange={(k) => k && setKind(k)}
          />
          <SelectField
            label={w.item}
            value={chosen ? item : null}
            options={mayBe.map((q) => ({ value: q.linkId, label: q.text }))}
            onChange={setItem}
          />
          {kind !== 'distribution' && (
            <SelectField
              label={w.by}
              required={kind === 'cross'}
              placeholder={w.byNothing}
              value={by}
              options={[
                ...dimensions.map((d) => ({ value: d as string, label: w.dimensions[d] })),
                ...questions
                  .filter((q) => q.isSpread && q.linkId !== item)
                  .map((q) => ({ value: `question:${q.linkId}`, label: w.byQuestion({ text: q.text }) })),
              ]}
              onChange={setBy}
            />
          )}
          {chosen && <Button onClick={() => setItem(null)}>{words.form.clear}</Button>}
        </Row>
        {look && chosen && <AnalysisPanel name={chosen.text} asked={asked} look={look} />}
      </Stack>
    </Panel>
  )
}
