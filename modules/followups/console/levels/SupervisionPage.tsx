import { oneOf, useMe, useRead, useUrlState } from '@renxin/client'
import { addDays, addMonths } from '@renxin/kernel'
import { UnitSelect } from '@renxin/staff/console'
import { MonthField, Page, Stack, Tabs, Toolbar, today } from '@renxin/ui'
import { supervisionApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { QualityPanel } from '../quality/QualityPanel.tsx'
import { CoverageTable } from './CoverageTable.tsx'
import { isLevelTwoPart, LevelTwoRows, LevelTwoTable } from './LevelTwo.tsx'
import { SpotList } from './SpotTable.tsx'
import { UncalledPanel } from './UncalledPanel.tsx'
import { UrgeHistory } from './UrgeTable.tsx'

const t = words.supervision
const tabs = ['coverage', 'levelTwo', 'uncalled', 'spots', 'quality', 'history'] as const

/** Level 2: how far the department has come, who has not called, what to look into, and what was urged. */
export function SupervisionPage() {
  const { scopeOf } = useMe()
  const [state, setState] = useUrlState({ tab: 'coverage', month: '', department: '', owner: '', part: '', row: '' })
  const tab = oneOf(tabs, state.tab) ?? 'coverage'
  const month = state.month || addDays(today(), -8).slice(0, 7) // in its first week nobody's week is over
  const checked = state.month || today().slice(0, 7)
  const of = state.department ? { departmentId: state.department } : {}
  const content = {
    coverage: <CoverageTable month={month} onOpen={(department) => setState({ tab: 'uncalled', department, owner: '' }, { push: true })} />,
    uncalled: <UncalledPanel of={of} owner={state.owner} onOwner={(owner, department) => setState({ owner, department })} />,
    spots: <SpotList of={of} />,
    quality: <QualityPanel month={checked} of={of} owner={state.owner} onOwner={(owner) => setState({ owner })} />,
    history: <UrgeHistory of={of} />,
    levelTwo: (
      <LevelTwoOfMonth
        month={checked}
        part={state.part}
        row={state.row}
        onLook={(part, row) => setState({ part, row }, { push: part !== '' })}
      />
    ),
  }
  return (
    <Page title={t.title}>
      <Stack>
        {tab === 'coverage' && (
          <Toolbar label={t.title}>
            <MonthField label={t.month} hideLabel value={month} onChange={(m) => setState({ month: m ?? '' })} max={today().slice(0, 7)} />
          </Toolbar>
        )}
        {(tab === 'quality' || tab === 'levelTwo') && (
          <Toolbar label={t.tabs[tab]}>
            <MonthField
              label={t.month}
              hideLabel
              value={checked}
              onChange={(m) => setState({ month: m ?? '' })}
              max={today().slice(0, 7)}
            />
          </Toolbar>
        )}
        {tab !== 'coverage' && tab !== 'levelTwo' && scopeOf('followups.supervise') === 'hospital' && (
          <Toolbar label={t.title}>
            <UnitSelect
              label={words.department}
              hideLabel
              kinds={['department']}
              value={state.department || null}
              onChange={(id) => setState({ department: id ?? '', owner: '' })}
            />
          </Toolbar>
        )}
        <Tabs
          label={t.title}
          value={tab}
          onChange={(key) => setState({ tab: key, owner: '', part: '', row: '' })}
          tabs={tabs.map((key) => ({ key, label: t.tabs[key], ...(key === tab && { content: content[key] }) }))}
        />
      </Stack>
    </Page>
  )
}

type Look = { month: string; part: string; row: string; onLook: (part: string, row: string) => void }

function LevelTwoOfMonth({ month, part, row, onLook }: Look) {
  const days = { from: `${month}-01`, to: addDays(addMonths(`${month}-01`, 1), -1) }
  const figures = useRead(supervisionApi.levelTwo, days, { keep: true })
  return (
    <>
      <LevelTwoTable of={figures} onOpen={onLook} />
      {isLevelTwoPart(part) && (
        <LevelTwoRows
          part={part}
          asked={{ ...days, departmentId: row }}
          routes={{ urges: supervisionApi.urgeHistory, spots: supervisionApi.spots }}
          onPart={(other) => onLook(other, row)}
          onClose={() => onLook('', '')}
        />
      )}
    </>
  )
}
