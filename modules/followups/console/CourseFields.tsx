import { Choice, Stack } from '@renxin/ui'
import { endChoices, type ProgrammeBody, returnChoices } from '../contract.ts'
import { words } from '../words.ts'

const b = words.builder

type CourseFieldsProps = { body: ProgrammeBody; onChange: (part: Partial<ProgrammeBody>) => void }

/** What becomes of what was planned when the patient comes back, is taken over by another hospital, dies or refuses. */
export function CourseFields({ body, onChange }: CourseFieldsProps) {
  const ends = endChoices.map((value) => ({ value, label: b.endChoices[value] }))
  return (
    <Stack gap={12}>
      {body.trigger !== 'admitted' && (
        <Choice
          label={body.trigger === 'visited' ? b.onReturnVisit : b.onReturn}
          hint={b.returnHints[body.onReturn]}
          value={body.onReturn}
          onChange={(onReturn) => onChange({ onReturn })}
          options={returnChoices.map((value) => ({ value, label: b.returnChoices[value] }))}
        />
      )}
      {body.trigger === 'discharged' && (
        <Choice label={b.onTransfer} value={body.onTransfer} onChange={(onTransfer) => onChange({ onTransfer })} options={ends} />
      )}
      <Choice
        label={b.onDeath}
        {...(body.onDeath === 'goOn' && { hint: b.deathGoOn })}
        value={body.onDeath}
        onChange={(onDeath) => onChange({ onDeath })}
        options={ends}
      />
      <Choice
        label={b.onRefusal}
        value={body.onRefusal}
        onChange={(onRefusal) => onChange({ onRefusal })}
        options={endChoices.map((value) => ({ value, label: b.refusalChoices[value] }))}
      />
    </Stack>
  )
}
