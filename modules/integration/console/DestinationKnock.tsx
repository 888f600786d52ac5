import { useWrite } from '@renxin/client'
import type { Ask } from '@renxin/kernel'
import { Banner, Button, ErrorNote, SourceText, Stack } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { type Knock, type Way, writeBackApi } from '../write-back-contract.ts'

type Place = Ask<typeof writeBackApi.testDestination>
type KnockingProps = { id: string | undefined; place: Place | undefined; way: Way; role: string | null }

const good = new Set<Knock['outcome']>(['connected', 'fhir', 'ready'])

/** Tries the address as it stands in the form; no result is sent to it. */
export function Knocking({ id, place, way, role }: KnockingProps) {
  const [knock, setKnock] = useState<Knock>()
  const test = useWrite(writeBackApi.testDestination, { onSuccess: setKnock })
  return (
    <Stack gap={12}>
      {way === 'table' && <Grants role={role} />}
      <span>
        <Button
          icon="network"
          busy={test.isSending}
          disabled={!place}
          onClick={() => {
            setKnock(undefined)
            if (place) test.send({ ...place, ...(id && way === 'fhir' && { id }) })
          }}
        >
          {words.test}
        </Button>
      </span>
      <div aria-live="polite">{knock && <Banner tone={good.has(knock.outcome) ? 'success' : 'danger'}>{sentenceOf(knock)}</Banner>}</div>
      <ErrorNote error={test.error} text={words.of(test.error)} />
    </Stack>
  )
}

function sentenceOf({ outcome, milliseconds: ms, says }: Knock): string {
  if (outcome === 'connected') return words.knock.connected({ ms })
  const sentence = words.knock[outcome]
  return says ? `${sentence} ${words.says({ text: says, ms })}` : sentence
}

/** What the administrator of the database runs, so that the hospital's system can read its lines and nothing else. */
function Grants({ role }: { role: string | null }) {
  const name = role?.trim() || 'his_reader'
  const text = [
    `create role ${name} login password '…';`,
    `grant usage on schema integration_out to ${name};`,
    `grant select on integration_out.results to ${name};`,
  ].join('\n')
  return (
    <Stack gap={8}>
      <strong>{words.readerSql}</strong>
      <SourceText label={words.readerSql}>{text}</SourceText>
      <p className="rx-note">{words.readerNote}</p>
    </Stack>
  )
}
