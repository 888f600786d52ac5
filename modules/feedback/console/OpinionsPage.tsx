import { useFilters, useList, useMe, useRead, useUrlState } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import {
  Button,
  CheckField,
  Column,
  DateRangeField,
  Drawer,
  formatMoment,
  houseWords,
  Page,
  Panel,
  Row,
  SearchForm,
  SelectField,
  Table,
} from '@renxin/ui'
import { feedbackApi, type Opinion, OpinionKind, Source } from '../contract.ts'
import { words } from '../words.ts'
import { NewOpinion } from './NewOpinion.tsx'
import { OpinionDetails } from './OpinionDetails.tsx'
import { actorText, KindTag, Marks, namesOf } from './parts.tsx'

const none = { kind: '', category: '', unit: '', source: '', important: false, from: '', to: '' }

export function OpinionsPage() {
  const { may } = useMe()
  const { filters, draft, change, search } = useFilters(none)
  const [{ open }, setOpen] = useUrlState({ open: '' })
  const { kind, category, unit, source, important, from, to } = filters
  const opinions = useList(
    feedbackApi.list,
    {
      kind: OpinionKind.safeParse(kind).data,
      source: Source.safeParse(source).data,
      ...(category && { categoryId: category }),
      ...(unit && { unitId: unit }),
      ...(important && { important }),
      ...(from && { from }),
      ...(to && { to }),
    },
    { keep: true },
  )
  const close = () => setOpen({ open: '' })
  return (
    <Page
      title={words.opinions}
      actions={
        may('feedback.record') && (
          <Button kind="primary" icon="add" onClick={() => setOpen({ open: 'new' })}>
            {words.record}
          </Button>
        )
      }
    >
      <SearchForm onSearch={() => search()} onReset={() => search(none)} busy={opinions.isFetching}>
        <SelectField
          label={words.kindTitle}
          value={draft.kind || null}
          onChange={(value) => change({ kind: value ?? '' })}
          options={OpinionKind.options.map((k) => ({ value: k, label: words.kind[k] }))}
        />
        <CategoryFilter value={draft.category} onChange={(value) => change({ category: value })} />
        <UnitSelect label={words.unit} value={draft.unit || null} onChange={(value) => change({ unit: value ?? '' })} />
        <DateRangeField
          label={words.days}
          value={draft.from && draft.to ? [draft.from, draft.to] : null}
          onChange={(days) => change({ from: days?.[0] ?? '', to: days?.[1] ?? '' })}
        />
        <SelectField
          label={words.sourceTitle}
          value={draft.source || null}
          onChange={(value) => change({ source: value ?? '' })}
          options={Source.options.map((s) => ({ value: s, label: words.source[s] }))}
        />
        <CheckField label={words.onlyImportant} value={draft.important} onChange={(value) => change({ important: value })} />
      </SearchForm>
      <Panel flush>
        <Table
          of={opinions}
          label={words.opinions}
          empty={words.noOpinions}
          onOpen={(o: Opinion) => setOpen({ open: o.id })}
          opened={open}
          memory="feedback.opinions"
        >
          <Column name={words.receivedAt} width={150} show={(o: Opinion) => formatMoment(o.receivedAt)} />
          <Column name={words.kindTitle} width={90} show={(o: Opinion) => <KindTag kind={o.kind} />} />
          <Column name={words.category} width={120} show={(o: Opinion) => o.category} />
          <Column
            name={words.text}
            cut
            show={(o: Opinion) => (
              <Row wrap={false} gap={4}>
                <Marks {...o} />
                {o.text || <span className="rx-note">{words.noText}</span>}
              </Row>
            )}
          />
          <Column name={words.units} width={180} cut show={(o: Opinion) => namesOf(o.units)} />
          <Column name={words.patient} width={100} cut show={(o: Opinion) => o.patientName ?? o.speakerName ?? houseWords.none} />
          <Column name={words.sourceTitle} width={110} show={(o: Opinion) => words.source[o.source]} />
          <Column name={words.recordedBy} width={100} hidden show={(o: Opinion) => actorText(o.recordedByName)} />
        </Table>
      </Panel>
      {open === 'new' && (
        <Drawer title={words.record} onClose={close}>
          <NewOpinion onDone={close} />
        </Drawer>
      )}
      {open !== '' && open !== 'new' && (
        <Drawer title={words.opinions} onClose={close}>
          <OpinionDetails id={open} onGone={close} />
        </Drawer>
      )}
    </Page>
  )
}

function CategoryFilter({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const categories = useRead(feedbackApi.categories, { withInactive: true })
  return (
    <SelectField
      label={words.category}
      value={value || null}
      onChange={(id) => onChange(id ?? '')}
      options={(categories.data?.rows ?? []).map((c) => ({ value: c.id, label: c.name }))}
    />
  )
}
