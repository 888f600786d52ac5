import { useRead, useWrite } from '@renxin/client'
import { Button, Column, ErrorNote, notify, Panel, Row, StatusTag, Table, Tag } from '@renxin/ui'
import { type Hook, hookHostsApi } from '../../fhir-contract.ts'
import { words } from '../../words.ts'
import { hookTones, hookTrouble, typeWord, waitingOf } from './phrases.ts'

/** Who is told of what, how it goes, and the hand on the tap. */
export function Hooks() {
  const hooks = useRead(hookHostsApi.hooks, {}, { everySeconds: 10 })
  const pause = useWrite(hookHostsApi.pauseHook, { onSuccess: () => notify(words.fhir.paused) })
  const resume = useWrite(hookHostsApi.resumeHook, { onSuccess: () => notify(words.fhir.resumed) })
  const isBusy = pause.isSending || resume.isSending
  const error = pause.error ?? resume.error
  const tap = (h: Hook) => {
    if (h.state === 'off') return null
    const isPaused = h.state === 'paused'
    const verb = isPaused ? words.fhir.resume : words.fhir.pause
    return (
      <Button
        size="small"
        kind="quiet"
        disabled={isBusy}
        label={`${verb} ${h.name}`}
        onClick={() => (isPaused ? resume : pause).send({ id: h.id })}
      >
        {verb}
      </Button>
    )
  }
  return (
    <Panel flush title={words.fhir.hooks} note={words.fhir.hooksNote}>
      <ErrorNote error={error} text={words.of(error)} />
      <Table of={hooks} label={words.fhir.hooks} maxHeight={340} empty={words.fhir.noHooks}>
        <Column name={words.fhir.subscription} show={(h: Hook) => h.name.replace(/^Subscription\//, '')} width={130} cut />
        <Column name={words.fhir.tellsOf} show={(h: Hook) => <Criteria of={h} />} />
        <Column name={words.fhir.host} show={(h: Hook) => <Host of={h} />} width={180} />
        <Column
          name={words.statusTitle}
          show={(h: Hook) => <StatusTag tone={hookTones[h.state]}>{words.fhir.state[h.state]}</StatusTag>}
          width={120}
        />
        <Column name={words.fhir.waiting} show={waitingOf} width={150} />
        <Column name={words.fhir.lastError} show={hookTrouble} width={240} />
        <Column show={tap} width={80} />
      </Table>
    </Panel>
  )
}

function Criteria({ of: { type, criteria } }: { of: Hook }) {
  return (
    <>
      {typeWord(type)} <code style={{ overflowWrap: 'anywhere' }}>{criteria}</code>
    </>
  )
}

function Host({ of: { host, isAllowed } }: { of: Hook }) {
  return (
    <Row gap={4}>
      <span style={{ overflowWrap: 'anywhere' }}>{host}</span>
      {!isAllowed && <Tag tone="warning">{words.fhir.notAllowed}</Tag>}
    </Row>
  )
}
