import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Drawer, ErrorNote, Row, Stack, undoBar, useKeys } from '@renxin/ui'
import { type KeyboardEvent, useRef, useState } from 'react'
import { type Category, feedbackApi, type Opinion, type OpinionKind, type Source } from '../contract.ts'
import { words } from '../words.ts'
import { AmendForm } from './AmendForm.tsx'
import { categoryKeys as digits, KindTag, Marks } from './parts.tsx'

export type OpinionPadProps = {
  patientId: string | null
  encounterId?: string | null
  source: Source
  /** What it comes out of: `{ kind: 'followups.task', id }`. */
  origin?: { kind: string; id: string } | null
  onRecorded?: (opinion: Opinion) => void
}

/** By the initials of 表扬, 投诉, 议, 其: none of them moves in a list or answers a question. */
const kindKeys = { B: 'praise', T: 'complaint', Y: 'suggestion', Q: 'remark' } as const satisfies Record<string, OpinionKind>
const kinds = Object.entries(kindKeys)

/**
 * Records an opinion in two keys: its kind, then its category. After the first key the focus moves here, so that the second does not
 * answer the questionnaire beside it; after the second it goes back to where it was.
 */
export function OpinionPad({ patientId, encounterId = null, source, origin = null, onRecorded }: OpinionPadProps) {
  const categories = useRead(feedbackApi.categories, {})
  const [chosen, setChosen] = useState<{ id: string; kind: OpinionKind }>()
  const [recorded, setRecorded] = useState<readonly Opinion[]>([])
  const [amended, setAmended] = useState<Opinion>()
  const before = useRef<HTMLElement | null>(null)
  const leave = () => {
    setChosen(undefined)
    before.current?.focus()
  }
  const put = (opinion: Opinion) =>
    setRecorded((list) => [opinion, ...list.filter((o) => o.id !== opinion.id)].filter((o) => !o.withdrawnAt))
  const withdraw = useWrite(feedbackApi.withdraw, { onSuccess: put })
  const record = useWrite(feedbackApi.record, {
    onSuccess: (opinion) => {
      put(opinion)
      leave()
      onRecorded?.(opinion)
      const kind = words.kind[opinion.kind]
      const text = opinion.category ? words.recordedIn({ kind, category: opinion.category }) : words.recorded({ kind })
      undoBar(text, () => withdraw.send({ id: opinion.id }))
    },
  })
  const begin = (kind: OpinionKind) => {
    if (!chosen && document.activeElement instanceof HTMLElement) before.current = document.activeElement
    record.reset()
    setChosen({ id: newId(), kind })
  }
  const finish = (category: Category | undefined) => {
    // The id was drawn with the kind: pressed twice, or sent again after a failure, it is one opinion.
    if (chosen) record.send({ ...chosen, categoryId: category?.id ?? null, patientId, encounterId, source, origin })
  }
  const last = recorded[0]
  useKeys({
    ...Object.fromEntries(kinds.map(([key, kind]) => [key, { name: words.kind[kind], run: () => begin(kind) }])),
    E: last && { name: words.pad.addWords, run: () => setAmended(last) },
  })
  return (
    <Stack gap={8}>
      {chosen ? (
        <Categories
          key={chosen.id}
          kind={chosen.kind}
          categories={categories.data?.rows ?? []}
          busy={record.isSending}
          onChoose={finish}
          onCancel={leave}
        />
      ) : (
        <fieldset className="rx-field" aria-label={words.pad.title}>
          <Row>
            {kinds.map(([key, kind]) => (
              <Button key={kind} keys={key} onClick={() => begin(kind)}>
                {words.kind[kind]}
              </Button>
            ))}
            <span className="rx-hint">{words.pad.hint}</span>
          </Row>
        </fieldset>
      )}
      <ErrorNote error={record.error ?? withdraw.error} text={words.of(record.error ?? withdraw.error)} />
      {recorded.length > 0 && (
        <ul style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label={words.pad.recordedHere}>
          {recorded.map((o) => (
            <li key={o.id}>
              <Row>
                <KindTag kind={o.kind} />
                {o.category && <span>{o.category}</span>}
                {o.complaint && <span>{o.complaint.number}</span>}
                <Marks {...o} />
                <span className="rx-note">{o.text}</span>
                <Button kind="quiet" size="small" icon="edit" {...(o === last && { keys: 'E' })} onClick={() => setAmended(o)}>
                  {words.pad.addWords}
                </Button>
              </Row>
            </li>
          ))}
        </ul>
      )}
      {amended && (
        <Drawer title={words.pad.addWords} onClose={() => setAmended(undefined)}>
          <AmendForm
            opinion={amended}
            onDone={(opinion) => {
              put(opinion)
              setAmended(undefined)
            }}
          />
        </Drawer>
      )}
    </Stack>
  )
}

type CategoriesProps = {
  kind: OpinionKind
  categories: readonly Category[]
  busy: boolean
  onChoose: (category: Category | undefined) => void
  onCancel: () => void
}

function Categories({ kind, categories, busy, onChoose, onCancel }: CategoriesProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.nativeEvent.isComposing) return
    const at = digits.indexOf(event.key)
    const category = categories[at]
    if (at >= 0 && category) onChoose(category)
    else if (event.key === 'Escape') onCancel()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const question = words.pad.chooseCategory({ kind: words.kind[kind] })
  return (
    <fieldset className="rx-field" aria-label={question} onKeyDown={onKeyDown}>
      <Row>
        <KindTag kind={kind} />
        {categories.map((category, at) => (
          <Button
            key={category.id}
            autoFocus={at === 0}
            busy={busy}
            {...(digits[at] && { keys: digits[at] })}
            onClick={() => onChoose(category)}
          >
            {category.name}
          </Button>
        ))}
        <Button kind="quiet" autoFocus={categories.length === 0} busy={busy} onClick={() => onChoose(undefined)}>
          {words.pad.noCategory}
        </Button>
        <Button kind="quiet" keys="Esc" onClick={onCancel}>
          {words.pad.cancel}
        </Button>
      </Row>
    </fieldset>
  )
}
