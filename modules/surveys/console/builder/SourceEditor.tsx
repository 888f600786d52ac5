import { useRead } from '@renxin/client'
import { SelectField, useLanguage } from '@renxin/ui'
import { useState } from 'react'
import { surveysApi } from '../../contract.ts'
import { words } from '../../words.ts'
import type { RawItem } from './change-definition.ts'
import { fromSource, sourceOf } from './kinds.ts'

const w = words.builder

type SourceEditorProps = { item: RawItem; onChange: (change: (item: RawItem) => RawItem) => void }

/** From which of the hospital's records an item is filled: a source, and of a result or a report which one. */
export function SourceEditor({ item, onChange }: SourceEditorProps) {
  const at = useLanguage() === 'en' ? 1 : 0
  const sources = useRead(surveysApi.sources, {})
  const [path = '', choice = ''] = sourceOf(item).split(/:(.*)/s)
  const rows = sources.data?.rows ?? []
  const source = rows.find((s) => s.path === path)
  const known = rows.map((s) => ({ value: s.path, label: `${s.group[at]} · ${s.title[at]}` }))
  const choose = (next: string | null) => {
    const chosen = rows.find((s) => s.path === next)
    if (chosen) onChange((i) => fromSource(i, chosen.path, chosen.kind, chosen.takesChoice ? '' : chosen.title[0]))
  }
  return (
    <>
      <SelectField
        label={w.source}
        hint={w.sourceHint}
        required
        loading={sources.isLoading}
        value={path || null}
        options={source || path === '' ? known : [...known, { value: path, label: path }]}
        onChange={choose}
      />
      {source?.takesChoice && (
        <ChoiceField
          key={path}
          path={path}
          choice={choice}
          onChoose={(value, title) => onChange((i) => fromSource(i, `${path}:${value}`, source.kind, title))}
        />
      )}
    </>
  )
}

type ChoiceFieldProps = { path: string; choice: string; onChoose: (value: string, title: string) => void }

function ChoiceField({ path, choice, onChoose }: ChoiceFieldProps) {
  const at = useLanguage() === 'en' ? 1 : 0
  const [search, setSearch] = useState('')
  const found = useRead(surveysApi.sourceChoices, { path, search }, { keep: true })
  const rows = found.data?.rows ?? []
  const options = rows.map((c) => ({ value: c.value, label: c.title[at] }))
  return (
    <SelectField
      label={w.sourceChoice}
      {...(path.startsWith('laboratory.') && { hint: w.sourceChoiceHint })}
      required
      loading={found.isLoading}
      value={choice || null}
      options={choice === '' || options.some((o) => o.value === choice) ? options : [{ value: choice, label: choice }, ...options]}
      onSearch={setSearch}
      onChange={(value) => value !== null && onChoose(value, rows.find((c) => c.value === value)?.title[0] ?? value)}
    />
  )
}
