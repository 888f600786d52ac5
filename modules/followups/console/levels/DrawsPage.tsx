import { ExportButton } from '@renxin/access/console'
import { download, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import { addDays } from '@renxin/kernel'
import {
  Banner,
  Button,
  Column,
  formatCount,
  formatPercent,
  MonthField,
  notify,
  Page,
  Panel,
  Row,
  Stack,
  Table,
  Toolbar,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { type DrawnDepartment, type LevelSettings, levelsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { DrawDrawer } from './DrawDrawer.tsx'
import { SettingsDrawer } from './SettingsDrawer.tsx'

const t = words.levels

/** The centre's samples: what was drawn of each department's discharges of a month. */
export function DrawsPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ month: '', open: '' })
  const [isSetting, setSetting] = useState(false)
  const month = state.month || addDays(today(), -1).slice(0, 7)
  const draws = useRead(levelsApi.draws, { month }, { keep: true })
  const drawNow = useWrite(levelsApi.drawNow, { onSuccess: (done) => notify(done.draws > 0 ? t.drawnNow(done) : t.nothingToDraw) })
  const opened = draws.data?.rows.find((r) => r.departmentId === state.open)
  return (
    <Page
      title={t.title}
      note={draws.data?.programme && t.makesTasksOf({ name: draws.data.programme.name })}
      actions={
        <Row gap={8}>
          <Button icon="settings" onClick={() => setSetting(true)}>
            {t.settings}
          </Button>
          <ExportButton label={t.download} onTake={(how) => download(levelsApi.exportFrames, { month, ...how })} sentence={words.of} />
          {may('followups.sample') && (
            <Button kind="primary" busy={drawNow.isSending} onClick={() => drawNow.send({ month })}>
              {t.drawNow}
            </Button>
          )}
        </Row>
      }
    >
      <Stack>
        <Toolbar label={t.month}>
          <MonthField
            label={t.month}
            hideLabel
            value={month}
            onChange={(m) => setState({ month: m ?? '', open: '' })}
            max={today().slice(0, 7)}
          />
          {draws.data && <span className="rx-note">{whenDrawn(draws.data.settings)}</span>}
        </Toolbar>
        {drawNow.error && <Banner tone="danger">{words.of(drawNow.error)}</Banner>}
        {draws.data && !draws.data.programme && <Banner tone="warning">{t.noProgramme}</Banner>}
        <Panel flush>
          <Table
            of={draws}
            label={t.title}
            empty={t.noneDrawn}
            rowKey={(r: DrawnDepartment) => r.departmentId}
            opened={state.open}
            onOpen={(r: DrawnDepartment) => r.draws.length > 0 && setState({ open: r.departmentId }, { push: true })}
          >
            <Column name={words.department} show={(r: DrawnDepartment) => r.departmentName} />
            <Column name={t.discharged} align="end" width={100} show={(r: DrawnDepartment) => formatCount(r.discharged)} />
            <Column name={t.leftOut} align="end" width={80} show={(r: DrawnDepartment) => formatCount(r.leftOut)} />
            <Column name={t.frame} align="end" width={90} show={(r: DrawnDepartment) => formatCount(r.frame)} />
            <Column name={t.drawn} align="end" width={80} show={(r: DrawnDepartment) => formatCount(r.drawn)} />
            <Column
              name={t.realShare}
              align="end"
              width={110}
              show={(r: DrawnDepartment) => formatPercent(r.frame ? r.drawn / r.frame : null)}
            />
            <Column name={t.share} align="end" width={100} show={(r: DrawnDepartment) => r.sharePercent} />
            <Column name={t.tasksDone} align="end" width={90} show={(r: DrawnDepartment) => formatCount(r.tasksDone)} />
            <Column name={t.waiting} align="end" width={80} show={(r: DrawnDepartment) => formatCount(r.waiting)} />
            <Column name={t.rounds} align="end" width={80} show={(r: DrawnDepartment) => formatCount(r.draws.length)} />
          </Table>
        </Panel>
      </Stack>
      {opened && draws.data && (
        <DrawDrawer of={opened} programmeId={draws.data.programme?.id ?? null} onClose={() => setState({ open: '' })} />
      )}
      {isSetting && <SettingsDrawer onClose={() => setSetting(false)} />}
    </Page>
  )
}

const whenDrawn = ({ isAutomatic, rhythm }: LevelSettings) => (isAutomatic ? t.automatic[rhythm] : t.byHandOnly)
