import { useRead, useUrlState, useWrite } from '@renxin/client'
import type { Reply } from '@renxin/kernel'
import { Banner, Button, ErrorNote, Panel, Stack, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { integrationApi, type Profile } from '../contract.ts'
import { words } from '../words.ts'
import { Explained, Notes, problemText } from './Explained.tsx'
import { Facts } from './Facts.tsx'
import { useOwnFields } from './own-fields.ts'
import { fieldWord } from './phrases.tsx'

export type Tried = Reply<typeof integrationApi.testMapping>

/** Reads a pasted message by the mapping as it stands in the form; nothing is kept. */
export function TryMessage({ profile, onTried }: { profile: Profile; onTried: (tried: Tried) => void }) {
  const own = useOwnFields()
  const [{ message: messageId }] = useUrlState({ message: '' })
  const raw = useRead(integrationApi.raw, { id: messageId }, { enabled: messageId !== '' })
  const [typed, setText] = useState<string>()
  const [result, setResult] = useState<{ tried: Tried; by: Profile }>()
  const text = typed ?? raw.data?.mended ?? raw.data?.text ?? ''
  const attempt = useWrite(integrationApi.testMapping, {
    onSuccess: (tried) => {
      setResult({ tried, by: profile })
      onTried(tried)
    },
  })
  return (
    <Panel title={words.tryIt} note={words.tryHint}>
      <Stack gap={12}>
        <TextArea label={words.tryText} rows={6} value={text} onChange={setText} />
        <span>
          <Button
            icon="play"
            busy={attempt.isSending}
            disabled={text.trim() === ''}
            onClick={() => attempt.send({ mapping: profile, text })}
          >
            {words.tryNow}
          </Button>
        </span>
        <ErrorNote error={attempt.error} text={words.of(attempt.error)} />
        {result && (
          <div aria-live="polite">
            <Stack gap={12}>
              {result.by !== profile && <Banner tone="info">{words.triedBefore}</Banner>}
              <Outcome of={result.tried} />
              <Facts of={result.tried.facts} />
              <details>
                <summary>{words.explained}</summary>
                <Explained
                  segments={result.tried.segments}
                  marks={new Map(result.tried.reads.map((r) => [r.path, fieldWord(r.field, own)]))}
                />
              </details>
            </Stack>
          </div>
        )}
      </Stack>
    </Panel>
  )
}

function Outcome({ of: { outcome, reason, problems, notes } }: { of: Tried }) {
  return (
    <>
      <p>
        {words.tried({ status: words.status[outcome] })} {reason && words.reasons[reason]}
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map((p) => (
            <li key={p.entry}>{problemText(p)}</li>
          ))}
        </ul>
      )}
      {notes.length > 0 && <Notes of={notes} />}
    </>
  )
}
