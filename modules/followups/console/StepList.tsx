import { Button, type Option, Stack } from '@renxin/ui'
import type { Step } from '../contract.ts'
import { words } from '../words.ts'
import { emptyStep, StepFields } from './StepFields.tsx'

type StepListProps = {
  steps: readonly Step[]
  questionnaires: readonly Option<string>[]
  error: (at: number) => string | undefined
  onChange: (steps: Step[]) => void
}

/** The steps of a programme, or of a department that has its own. */
export function StepList({ steps, questionnaires, error, onChange }: StepListProps) {
  return (
    <Stack gap={12}>
      {steps.map((step, at) => (
        <StepFields
          key={at}
          number={at + 1}
          step={step}
          questionnaires={questionnaires}
          error={error(at)}
          onChange={(next) => onChange(steps.map((s, n) => (n === at ? next : s)))}
          onRemove={steps.length > 1 ? () => onChange(steps.filter((_, n) => n !== at)) : undefined}
        />
      ))}
      <Button icon="add" onClick={() => onChange([...steps, emptyStep])}>
        {words.addStep}
      </Button>
    </Stack>
  )
}
