import { oneOf, useMe, useUrlState } from '@renxin/client'
import { addDays } from '@renxin/kernel'
import { MonthField, Page, Stack, Tabs, Toolbar, today } from '@renxin/ui'
import { words } from '../../words.ts'
import { CheckList } from './CheckList.tsx'
import { ResultPanel } from './ResultPanel.tsx'

const t = words.checks
const tabs = ['list', 'result'] as const

/** Level 3 looks at levels 1 and 2: whom it drew, what it found, and the result of the month. */
export function ChecksPage() {
  const { may } = useMe()
  const [state, setState] = useUrlState({ tab: '', month: '', open: '', show: 'all', department: '', version: '' })
  const tab = oneOf(tabs, state.tab) ?? (may('followups.check') ? 'list' : 'result')
  const month = state.month || addDays(today(), -1).slice(0, 7)
  const content = {
    list: <CheckList month={month} state={state} onState={setState} />,
    result: <ResultPanel month={month} version={state.version} onVersion={(version) => setState({ version })} />,
  }
  return (
    <Page title={t.title}>
      <Stack>
        <Toolbar label={words.levels.month}>
          <MonthField
            label={words.levels.month}
            hideLabel
            value={month}
            onChange={(m) => setState({ month: m ?? '', open: '', version: '' })}
            max={today().slice(0, 7)}
          />
        </Toolbar>
        <Tabs
          label={t.title}
          value={tab}
          onChange={(key) => setState({ tab: key })}
          tabs={tabs.map((key) => ({ key, label: t.tabs[key], ...(key === tab && { content: content[key] }) }))}
        />
      </Stack>
    </Page>
  )
}
