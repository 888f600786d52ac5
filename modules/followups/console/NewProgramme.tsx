import { useMe, useRead } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Drawer, Loaded, Panel, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type ProgrammeBody, programmesApi } from '../contract.ts'
import { words } from '../words.ts'
import { builderWidth, emptyProgramme, ProgrammeForm } from './ProgrammeForm.tsx'

const b = words.builder

/** A new programme begins as one of a family, or as nothing. */
export function NewProgramme({ onClose, onSaved }: { onClose: () => void; onSaved: (id: string) => void }) {
  const [id] = useState(() => newId())
  const [body, setBody] = useState<ProgrammeBody>()
  const { scopeOf, departments = [] } = useMe()
  /** Whoever may write for departments alone begins with them: a programme for all would be refused. */
  const begin = (chosen: ProgrammeBody) =>
    setBody(
      scopeOf('followups.programmes') === 'hospital' ? chosen : { ...chosen, rule: { ...chosen.rule, departmentIds: [...departments] } },
    )
  return (
    <Drawer title={words.newProgramme} size={builderWidth} onClose={onClose}>
      {body ? <ProgrammeForm id={id} version={0} body={body} onSaved={(saved) => onSaved(saved.id)} /> : <Templates onChoose={begin} />}
    </Drawer>
  )
}

function Templates({ onChoose }: { onChoose: (body: ProgrammeBody) => void }) {
  const templates = useRead(programmesApi.templates, {})
  return (
    <Loaded of={templates} lines={6}>
      {({ rows }) => (
        <Panel title={b.templateTitle} note={b.templateHint}>
          <Stack gap={8}>
            {rows.map(({ family, body }) => (
              <Kind key={family} name={b.families[family]} hint={b.familyHints[family]} onChoose={() => onChoose(body)} />
            ))}
            <Kind name={b.blank} hint={b.blankHint} onChoose={() => onChoose(emptyProgramme)} />
          </Stack>
        </Panel>
      )}
    </Loaded>
  )
}

function Kind({ name, hint, onChoose }: { name: string; hint: string; onChoose: () => void }) {
  return (
    <div className="followups-kind">
      <Button onClick={onChoose}>{name}</Button>
      <span className="rx-note">{hint}</span>
    </div>
  )
}
