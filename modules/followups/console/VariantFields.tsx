import { UnitsSelect } from '@renxin/staff/console'
import { Button, type Option, Panel, Stack } from '@renxin/ui'
import type { Step, Variant } from '../contract.ts'
import { words } from '../words.ts'
import { StepList } from './StepList.tsx'

const b = words.builder

type VariantFieldsProps = {
  variants: readonly Variant[]
  /** What the programme does for everybody else: a department's own steps begin as a copy. */
  steps: readonly Step[]
  questionnaires: readonly Option<string>[]
  wrong: (...path: (string | number)[]) => string | undefined
  onChange: (variants: Variant[]) => void
}

/** Departments that follow up their patients in their own way. */
export function VariantFields({ variants, steps, questionnaires, wrong, onChange }: VariantFieldsProps) {
  const set = (at: number, part: Partial<Variant>) => onChange(variants.map((v, n) => (n === at ? { ...v, ...part } : v)))
  return (
    <Panel title={b.variants} note={b.variantsHint}>
      <Stack>
        {variants.map((variant, at) => (
          <Panel
            key={at}
            title={b.variantNumber({ n: at + 1 })}
            actions={
              <Button size="small" kind="quiet" icon="trash" onClick={() => onChange(variants.filter((_, n) => n !== at))}>
                {b.removeVariant}
              </Button>
            }
          >
            <Stack gap={12}>
              <UnitsSelect
                label={b.variantDepartments}
                required
                kinds={['department']}
                value={variant.departmentIds}
                onChange={(departmentIds) => set(at, { departmentIds })}
                error={wrong('variants', at, 'departmentIds') ?? (isNamedElsewhere(variants, at) ? b.twiceNamed : undefined)}
              />
              <StepList
                steps={variant.steps}
                questionnaires={questionnaires}
                error={(n) => wrong('variants', at, 'steps', n)}
                onChange={(next) => set(at, { steps: next })}
              />
            </Stack>
          </Panel>
        ))}
        <Button
          icon="add"
          disabled={variants.length >= 20}
          onClick={() => onChange([...variants, { departmentIds: [], steps: [...steps] }])}
        >
          {b.addVariant}
        </Button>
      </Stack>
    </Panel>
  )
}

const isNamedElsewhere = (variants: readonly Variant[], at: number) =>
  variants[at]?.departmentIds.some((id) => variants.some((v, n) => n !== at && v.departmentIds.includes(id))) ?? false
