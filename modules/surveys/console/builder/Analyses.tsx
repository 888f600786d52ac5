import { Button, IconButton, Row, SelectField, Stack, TextField, undoBar } from '@renxin/ui'
import { type Analysis, analysisKinds, canAnalyse, type Definition, dimensions, type Item, isSpread, readForm } from '../../contract.ts'
import { words } from '../../words.ts'
import { withAnalyses } from './change-analyses.ts'

const w = words.analyses

type AnalysesProps = { definition: Definition; onChange: (next: Definition) => void }

/** How the answers are looked at: what of a question, and by what it is told apart. */
export function Analyses({ definition, onChange }: AnalysesProps) {
  const { analyses, byLinkId } = readForm(definition)
  const items = [...byLinkId.values()].filter((i) => analysisKinds.some((k) => canAnalyse(i, k)))
  const first = items.find((i) => canAnalyse(i, 'distribution')) ?? items[0]
  const set = (next: readonly Analysis[]) => onChange(withAnalyses(definition, next))
  const remove = (at: number, name: string) => {
    set(analyses.filter((_, i) => i !== at))
    undoBar(w.removed({ name }), () => onChange(definition))
  }
  return (
    <Stack gap={12}>
      {analyses.length === 0 && <p className="rx-note">{w.noneYet}</p>}
      {analyses.map((analysis, at) => (
        // Its place is all that tells an analysis from another.
        <OneAnalysis key={at} analysis={analysis} items={items} onChange={(next) => set(analyses.map((a, i) => (i === at ? next : a)))}>
          <IconButton
            icon="close"
            label={w.remove({ name: analysis.name || w.untitled })}
            onClick={() => remove(at, analysis.name || w.untitled)}
          />
        </OneAnalysis>
      ))}
      {first && (
        <div>
          <Button
            size="small"
            icon="add"
            onClick={() =>
              set([
                ...analyses,
                { name: '', kind: canAnalyse(first, 'distribution') ? 'distribution' : 'mean', item: first.linkId, by: null },
              ])
            }
          >
            {w.add}
          </Button>
        </div>
      )}
    </Stack>
  )
}

type OneAnalysisProps = { analysis: Analysis; items: readonly Item[]; onChange: (next: Analysis) => void; children: React.ReactNode }

function OneAnalysis({ analysis, items, onChange, children }: OneAnalysisProps) {
  const { name, kind, item, by } = analysis
  const mayBe = items.filter((i) => canAnalyse(i, kind))
  return (
    <Row gap={8}>
      <TextField label={w.name} maxLength={60} value={name} onChange={(text) => onChange({ ...analysis, name: text })} />
      <SelectField
        label={w.kind}
        required
        value={kind}
        options={analysisKinds.map((k) => ({ value: k, label: w.kinds[k] }))}
        onChange={(k) =>
          k && onChange({ ...analysis, kind: k, by: k === 'distribution' ? null : k === 'cross' ? (by ?? 'department') : by })
        }
      />
      <SelectField
        label={w.item}
        required
        value={mayBe.some((i) => i.linkId === item) ? item : null}
        options={mayBe.map((i) => ({ value: i.linkId, label: i.text.text }))}
        onChange={(linkId) => linkId && onChange({ ...analysis, item: linkId })}
      />
      {kind !== 'distribution' && (
        <SelectField
          label={w.by}
          required={kind === 'cross'}
          placeholder={w.byNothing}
          value={by}
          options={[
            ...dimensions.map((d) => ({ value: d as string, label: w.dimensions[d] })),
            ...items
              .filter((i) => isSpread(i) && i.linkId !== item)
              .map((i) => ({ value: `question:${i.linkId}`, label: w.byQuestion({ text: i.text.text }) })),
          ]}
          onChange={(next) => onChange({ ...analysis, by: next })}
        />
      )}
      {children}
    </Row>
  )
}
