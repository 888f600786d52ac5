import { useWrite } from '@renxin/client'
import { newId, type Reply } from '@renxin/kernel'
import { Button, Dialog, ErrorNote, houseWords, Stack } from '@renxin/ui'
import { useId, useState } from 'react'
import { Definition, surveysApi } from '../contract.ts'
import { words } from '../words.ts'
import { Findings } from './Findings.tsx'

const w = words.builder
const mostBytes = 4 * 1024 * 1024

type Inspected = Reply<typeof surveysApi.inspect>
type Chosen = { definition: Definition | undefined; found: Inspected }

type ImportDialogProps = {
  onClose: () => void
  onImported: (id: string) => void
  inspect: (definition: unknown) => Promise<Inspected>
}

/** Choose a file, read what was found in it, import it as a draft. Nothing is kept before the last step. */
export function ImportDialog({ onClose, onImported, inspect }: ImportDialogProps) {
  const id = useId()
  const [chosen, setChosen] = useState<Chosen>()
  const [wrong, setWrong] = useState<string>()
  const [failed, setFailed] = useState<unknown>()
  const create = useWrite(surveysApi.create, { onSuccess: (q) => onImported(q.id) })

  const read = async (file: File | undefined) => {
    setChosen(undefined)
    setWrong(undefined)
    setFailed(undefined)
    if (!file) return
    if (file.size > mostBytes) return setWrong(w.tooLarge({ size: (file.size / 1024 / 1024).toFixed(1) }))
    const definition = parse(await file.text())
    if (definition === undefined) return setWrong(w.notJson)
    try {
      const known = Definition.safeParse(definition)
      setChosen({ definition: known.success ? known.data : undefined, found: await inspect(definition) })
    } catch (error) {
      setFailed(error)
    }
  }

  const definition = chosen?.definition
  return (
    <Dialog
      title={w.importTitle}
      size={640}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{houseWords.cancel}</Button>
          <Button
            kind="primary"
            disabled={!definition}
            busy={create.isSending}
            onClick={() => definition && create.send({ id: newId(), definition })}
          >
            {w.importAsDraft}
          </Button>
        </>
      }
    >
      <Stack gap={12}>
        <div className={wrong ? 'rx-field rx-field-wrong' : 'rx-field'}>
          <label htmlFor={id}>{w.chooseFile}</label>
          <input
            id={id}
            type="file"
            accept=".json,application/json,application/fhir+json"
            className="rx-input"
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            aria-invalid={wrong ? true : undefined}
            onChange={(event) => read(event.target.files?.[0])}
          />
          <div aria-live="polite">
            {wrong && (
              <div id={`${id}-wrong`} className="rx-field-error">
                {wrong}
              </div>
            )}
          </div>
        </div>
        {chosen && (
          <section aria-live="polite">
            {definition && (
              <p>
                <strong>{w.importFound({ title: chosen.found.title || w.untitled, n: chosen.found.questions })}</strong>
              </p>
            )}
            {chosen.found.findings.length === 0 ? <p>{w.importClean}</p> : <Findings findings={chosen.found.findings} />}
          </section>
        )}
        <ErrorNote error={create.error ?? failed} />
      </Stack>
    </Dialog>
  )
}

/** Undefined where the text is no JSON. Files of other systems may begin with a byte order mark. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
