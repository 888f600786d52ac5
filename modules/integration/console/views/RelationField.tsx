import { Button, CheckField, Columns, ErrorNote, SelectField, Stack, TextArea } from '@renxin/ui'
import type { Source } from '../../views-contract.ts'
import { words } from '../../words.ts'
import { Failure, fromWord } from './phrases.tsx'
import { useQuestion } from './use-question.ts'

type Place = { isSelect: boolean; schema: string; name: string; select: string }
type Props = { source: Source; form: Place; change: (part: Partial<Place>) => void }

/** A view of the other database, chosen from its list, or a question of one's own. */
export function RelationField({ source, form, change }: Props) {
  const question = useQuestion()
  const relations = question.answer?.what === 'relations' ? question.answer.relations : []
  const chosen = { schema: form.schema, name: form.name }
  const all = form.name && !relations.some((r) => r.schema === form.schema && r.name === form.name) ? [chosen, ...relations] : relations
  return (
    <Stack gap={8}>
      <CheckField label={words.views.ownSelect} value={form.isSelect} onChange={(isSelect) => change({ isSelect })} />
      {form.isSelect ? (
        <TextArea
          label={words.views.select}
          hint={words.views.selectHint}
          required
          rows={4}
          maxLength={10_000}
          value={form.select}
          onChange={(select) => change({ select })}
        />
      ) : (
        <Columns sizes="1fr auto" gap={12}>
          <SelectField
            label={words.views.relation}
            hint={words.views.relationHint}
            required
            placeholder={words.views.chooseRelation}
            value={form.name ? JSON.stringify(chosen) : null}
            onChange={(value) => {
              const found = all.find((r) => JSON.stringify({ schema: r.schema, name: r.name }) === value)
              if (found) change({ schema: found.schema, name: found.name })
            }}
            options={all.map((r) => ({
              value: JSON.stringify({ schema: r.schema, name: r.name }),
              label: fromWord({ schema: r.schema, name: r.name }),
            }))}
          />
          <Button
            icon="list"
            busy={question.isWaiting}
            onClick={() => question.ask({ sourceId: source.id, question: { what: 'relations' } })}
          >
            {words.views.loadRelations}
          </Button>
        </Columns>
      )}
      <Failure of={question.answer} isLate={question.isLate} />
      <ErrorNote error={question.error} text={words.of(question.error)} />
    </Stack>
  )
}
