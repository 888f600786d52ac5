import { GoLink, useMe, useRead } from '@renxin/client'
import {
  Banner,
  Button,
  Choice,
  Column,
  Description,
  Drawer,
  ErrorNote,
  formatCount,
  formatFull,
  formatPercent,
  Loaded,
  Panel,
  Row,
  Stack,
  Table,
} from '@renxin/ui'
import { useState } from 'react'
import { type Draw, type DrawnDepartment, leftOutReasons, levelsApi, type Redrawn } from '../../contract.ts'
import { words } from '../../words.ts'
import { stratumText } from './stratum.ts'

const t = words.levels

/** How one department's sample was drawn, round by round, with everything that it takes to draw it again. */
export function DrawDrawer({ of, programmeId, onClose }: { of: DrawnDepartment; programmeId: string | null; onClose: () => void }) {
  const { may } = useMe()
  const last = of.draws.at(-1)
  const [chosen, setChosen] = useState(last?.id ?? '')
  const draw = useRead(levelsApi.draw, { id: chosen })
  const untilOn = of.draws.find((d) => d.id === chosen)?.untilOn ?? ''
  return (
    <Drawer
      title={t.ofDraw({ department: of.departmentName, day: untilOn })}
      size={800}
      onClose={onClose}
      extra={
        programmeId &&
        may('followups.read') && (
          <GoLink to="followups.board" search={{ department: of.departmentId, programme: programmeId }}>
            {t.openTasks}
          </GoLink>
        )
      }
    >
      <Stack gap={16}>
        {of.draws.length > 1 && (
          <Choice
            label={t.rounds}
            value={chosen}
            onChange={setChosen}
            options={of.draws.map((d) => ({ value: d.id, label: d.untilOn, hint: `${d.drawn} / ${d.frame}` }))}
          />
        )}
        <Loaded of={draw} lines={12}>
          {(found) => (
            <>
              <Facts draw={found} />
              <Strata draw={found} />
              <Again key={found.id} id={found.id} />
              <Method />
            </>
          )}
        </Loaded>
      </Stack>
    </Drawer>
  )
}

function Facts({ draw }: { draw: Draw }) {
  const leftOut = leftOutReasons.flatMap((why) => (draw.leftOut[why] ? [`${t.leftOutWhy[why]} ${draw.leftOut[why]}`] : []))
  const strata = draw.strataBy.map((by) => (by === 'stay' ? `${t.strataWords.stay} (${draw.stayBounds.join(', ')})` : t.strataWords[by]))
  return (
    <Description
      columns={2}
      items={[
        { label: t.frame, value: formatCount(draw.frame) },
        { label: t.drawn, value: `${formatCount(draw.drawn)} (${formatPercent(draw.drawn / draw.frame)})` },
        { label: t.discharged, value: formatCount(draw.discharged) },
        { label: t.leftOut, value: leftOut.join('，') },
        { label: t.share, value: draw.sharePercent },
        { label: t.strataBy, value: strata.join('，') || t.oneStratum },
        { label: t.frameBefore, value: formatCount(draw.frameBefore) },
        { label: t.drawnBefore, value: formatCount(draw.drawnBefore) },
        { label: t.seed, value: <code>{draw.seed}</code>, wide: true },
        { label: t.start, value: draw.start },
        { label: t.drawId, value: <code>{draw.id}</code> },
        { label: t.drawnAt, value: formatFull(draw.drawnAt) },
        { label: t.drawnBy, value: draw.drawnByName || t.byItself },
        { label: t.programme, value: draw.programmeName },
      ]}
    />
  )
}

type Stratum = Draw['strata'][number]

function Strata({ draw }: { draw: Draw }) {
  return (
    <Panel flush title={t.stratum}>
      <Table of={draw.strata} label={t.stratum} rowKey={(s: Stratum) => s.stratum} plain>
        <Column name={t.stratum} show={(s: Stratum) => stratumText(s.stratum)} />
        <Column name={t.frame} align="end" width={100} show={(s: Stratum) => formatCount(s.frame)} />
        <Column name={t.expected} align="end" width={120} show={(s: Stratum) => s.expected.toFixed(2)} />
        <Column name={t.drawn} align="end" width={100} show={(s: Stratum) => formatCount(s.drawn)} />
      </Table>
    </Panel>
  )
}

/** Draws again on the server when it is asked, and says whether it is the same. */
function Again({ id }: { id: string }) {
  const [isAsked, setAsked] = useState(false)
  const again = useRead(levelsApi.redraw, { id }, { enabled: isAsked })
  return (
    <Stack>
      <Row>
        <Button busy={isAsked && again.isFetching} onClick={() => (isAsked ? again.reload() : setAsked(true))}>
          {t.redraw}
        </Button>
      </Row>
      <div aria-live="polite">
        {again.data && <Compared of={again.data} />}
        <ErrorNote error={again.error} text={words.of(again.error)} />
      </div>
    </Stack>
  )
}

function Compared({ of }: { of: Redrawn }) {
  const { isSame, recorded, again, missing, added, goneSince } = of
  return (
    <Stack>
      <Banner tone={isSame ? 'success' : 'danger'}>
        {isSame ? t.same({ again, recorded }) : t.differs({ recorded, again, missing: missing.length, added: added.length })}
      </Banner>
      <span className="rx-note">{goneSince > 0 ? t.goneSince({ n: goneSince }) : t.unchanged}</span>
    </Stack>
  )
}

function Method() {
  const { one, two, three, four, five } = t.methodSteps
  return (
    <Panel title={t.method}>
      <ol>
        {[one, two, three, four, five].map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>
        <strong>{t.recheck}</strong> {t.recheckText}
      </p>
    </Panel>
  )
}
