import { GoLink, useParams, useRead, useUnsaved, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Columns, ErrorNote, formatTime, Loaded, notify, Page, Panel, Stack, TextArea, TextField, undoBar } from '@renxin/ui'
import { useMemo, useState } from 'react'
import { type Definition, inspect, type Questionnaire, readForm, surveysApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { Findings } from '../Findings.tsx'
import { Bases } from '../templates/Bases.tsx'
import { Analyses } from './Analyses.tsx'
import {
  changeItem,
  isSamePath,
  itemAt,
  listItems,
  type Path,
  removeItem,
  textOf,
  translationOf,
  withTranslation,
} from './change-definition.ts'
import { ItemEditor } from './ItemEditor.tsx'
import { ItemList } from './ItemList.tsx'
import { Preview } from './Preview.tsx'
import { RedFlags } from './RedFlags.tsx'
import { type Draft, useDraft } from './use-draft.ts'

const w = words.builder

/** The plain editor: what stands in the form, the question that is being written, and the form as people will see it. */
export function BuilderPage() {
  const { id = '' } = useParams()
  const questionnaire = useRead(surveysApi.questionnaire, { id })
  return <Loaded of={questionnaire}>{(q) => <Start key={q.id} questionnaire={q} />}</Loaded>
}

/** Begins from the draft, else from what is in use; what is read again later does not disturb what is being written. */
function Start({ questionnaire }: { questionnaire: Questionnaire }) {
  const [first] = useState(questionnaire)
  const version = useRead(surveysApi.version, { id: first.currentVersionId ?? '' }, { enabled: first.draft === null })
  if (first.draft) return <Builder questionnaire={first} start={first.draft} />
  return <Loaded of={version}>{(v) => <Builder questionnaire={first} start={v.definition} />}</Loaded>
}

function Builder({ questionnaire, start }: { questionnaire: Questionnaire; start: Definition }) {
  const { id } = questionnaire
  const draft = useDraft(questionnaire, start)
  const { definition, change } = draft
  const [selected, select] = useState<Path>()
  const sources = useRead(surveysApi.sources, {})
  const known = useMemo(() => sources.data && new Map(sources.data.rows.map((s) => [s.path, s])), [sources.data])
  const { findings } = useMemo(() => inspect(definition, known), [definition, known])
  const item = selected && itemAt(definition, selected)
  const blocking = findings.filter((f) => f.weight === 'blocks').length
  const unsaved = useUnsaved(draft.isDirty)
  const publish = useWrite(surveysApi.publish, {
    onSuccess: (q) => {
      draft.published()
      notify(w.published({ n: q.currentNumber ?? 1 }))
    },
  })

  const remove = (path: Path) => {
    const before = definition
    const gone = itemAt(definition, path)
    change(removeItem(definition, path))
    if (isSamePath(path, selected)) select(undefined)
    undoBar(w.removed({ text: textOf(gone?.text) || w.noText }), () => change(before))
  }
  const goTo = (linkId: string) => select(listItems(definition).find(({ item: i }) => i.linkId === linkId)?.path)
  const publishNow = async () => {
    const revision = await draft.flush()
    if (revision !== undefined) publish.send({ id, versionId: newId(), revision })
  }

  return (
    <Page
      title={textOf(definition.title) || w.editTitle}
      note={<SavedNote draft={draft} />}
      back={<GoLink to="surveys.questionnaires">{w.back}</GoLink>}
      actions={
        <Button
          kind="primary"
          busy={publish.isSending}
          disabled={!draft.hasChanges || blocking > 0}
          title={blocking > 0 ? w.mustMend({ n: blocking }) : draft.hasChanges ? undefined : w.discardedNothing}
          onClick={publishNow}
        >
          {w.publish}
        </Button>
      }
    >
      {unsaved}
      <Stack>
        <ErrorNote error={publish.error ?? draft.error} />
        {findings.length > 0 && (
          <Panel>
            <Findings findings={findings} onGo={goTo} />
          </Panel>
        )}
        <Columns sizes="minmax(260px, 320px) minmax(300px, 1fr) minmax(300px, 400px)">
          <Stack>
            <Panel>
              <Heading definition={definition} onChange={change} />
            </Panel>
            <Panel title={w.structure}>
              <ItemList definition={definition} selected={selected} onSelect={select} onChange={change} onRemove={remove} />
            </Panel>
          </Stack>
          <Panel title={item && (textOf(item.text) || w.noText)}>
            {item && selected ? (
              <ItemEditor
                key={selected.join('.')}
                definition={definition}
                path={selected}
                item={item}
                onChange={(make) => change(changeItem(definition, selected, make))}
                onChangeDefinition={change}
              />
            ) : (
              <p>{w.selectItem}</p>
            )}
          </Panel>
          <Panel title={w.preview} note={w.previewNote}>
            <Preview definition={definition} />
          </Panel>
        </Columns>
        <Panel title={words.redFlags.title} note={words.redFlags.note}>
          <RedFlags definition={definition} onChange={change} />
        </Panel>
        <Panel title={words.analyses.preset} note={words.analyses.presetNote}>
          <Analyses definition={definition} onChange={change} />
        </Panel>
      </Stack>
    </Page>
  )
}

function Heading({ definition, onChange }: { definition: Definition; onChange: (next: Definition) => void }) {
  return (
    <Stack gap={8}>
      <TextField
        label={w.titleLabel}
        required
        maxLength={200}
        value={textOf(definition.title)}
        onChange={(title) => onChange({ ...definition, title })}
      />
      <TextField
        label={`${w.titleLabel} · ${w.textEn}`}
        maxLength={200}
        value={translationOf(definition, 'title', 'en')}
        onChange={(text) => onChange({ ...withTranslation(definition, 'title', 'en', text), resourceType: 'Questionnaire' })}
      />
      <TextArea
        label={w.descriptionLabel}
        rows={2}
        maxLength={1000}
        value={textOf(definition.description)}
        onChange={(description) => onChange({ ...definition, description: description || undefined })}
      />
      <Bases bases={readForm(definition).bases} />
    </Stack>
  )
}

function SavedNote({ draft }: { draft: Draft }) {
  return (
    <span aria-live="polite">
      {draft.isSaving ? w.saving : draft.isDirty ? w.unsaved : draft.savedAt ? w.saved({ time: formatTime(draft.savedAt) }) : ''}
    </span>
  )
}
