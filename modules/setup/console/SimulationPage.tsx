import { useRead, useWrite } from '@renxin/client'
import { Button, Choice, Empty, ErrorNote, Figure, Figures, Loaded, Page, Panel, StatusTag, Toolbar } from '@renxin/ui'
import { useState } from 'react'
import { setupApi } from '../contract.ts'
import { words } from '../words.ts'

const SPEEDS = { fast: 60, usual: 300, slow: 3600 } as const

/** The imaginary HIS at work: start it, watch it, stop it. */
export function SimulationPage() {
  const [speed, setSpeed] = useState<keyof typeof SPEEDS>('usual')
  const simulation = useRead(setupApi.simulation, {}, { everySeconds: 2 })
  const start = useWrite(setupApi.startSimulation)
  const stop = useWrite(setupApi.stopSimulation)
  const state = simulation.data

  return (
    <Page title={words.simulationTitle}>
      <p>{words.simulationIntro}</p>
      <Toolbar label={words.simulationTitle}>
        <Choice
          label={words.speed}
          value={speed}
          onChange={setSpeed}
          options={(['fast', 'usual', 'slow'] as const).map((value) => ({ value, label: words.speeds[value] }))}
        />
        {state?.isRunning ? (
          <Button busy={stop.isSending} onClick={() => stop.send({})}>
            {words.stop}
          </Button>
        ) : (
          <Button kind="primary" busy={start.isSending} onClick={() => start.send({ secondsADay: SPEEDS[speed] })}>
            {words.start}
          </Button>
        )}
        {state && <StatusTag tone={state.isRunning ? 'info' : 'plain'}>{state.isRunning ? words.running : words.stopped}</StatusTag>}
      </Toolbar>
      <ErrorNote error={start.error ?? stop.error} />
      <Loaded of={simulation}>
        {(s) => (
          <>
            <Figures>
              <Figure label={words.sent} value={String(s.sent)} />
              <Figure label={words.admitted} value={String(s.admitted)} />
              <Figure label={words.discharged} value={String(s.discharged)} />
              <Figure label={words.moved} value={String(s.moved)} />
              <Figure label={words.visits} value={String(s.visits)} />
              <Figure label={words.writtenBack} value={String(s.writtenBack)} />
            </Figures>
            <Panel title={words.recent}>
              {s.lines.length === 0 ? (
                <Empty>{words.noneYet}</Empty>
              ) : (
                <ol>
                  {s.lines.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ol>
              )}
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  )
}
