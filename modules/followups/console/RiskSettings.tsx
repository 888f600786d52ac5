import { useRead, useWrite } from '@renxin/client'
import { Drawer, ErrorNote, Loaded, notify, SelectField, Stack } from '@renxin/ui'
import { riskApi } from '../contract.ts'
import { words } from '../words.ts'

const w = words.risk
const first = ['redFlagOpen', 'everCritical', 'againstAdvice'] as const
const second = ['redFlagLast', 'everSerious', 'intensiveNursing', 'openComplaint', 'livesAlone', 'veryOld', 'longStay'] as const

/** In which order patients are called, and who says that somebody lives alone. */
export function RiskSettings({ onClose }: { onClose: () => void }) {
  const settings = useRead(riskApi.riskSettings, {})
  const save = useWrite(riskApi.saveRiskSettings, { onSuccess: () => notify(w.saved) })
  return (
    <Drawer title={w.title} size={480} onClose={onClose}>
      <Stack>
        <p>{w.rule}</p>
        <p>
          <strong>{words.urgent}</strong> {first.map((r) => words.priorityReason[r]).join('、')}
        </p>
        <p>
          <strong>{words.high}</strong> {second.map((r) => words.priorityReason[r]).join('、')}
        </p>
        <ErrorNote error={save.error} text={words.of(save.error)} />
        <Loaded of={settings}>
          {({ groups, aloneGroupId }) => (
            <SelectField
              label={w.alone}
              hint={w.aloneHint}
              placeholder={w.noGroup}
              value={aloneGroupId}
              onChange={(id) => save.send({ aloneGroupId: id })}
              options={groups.map((g) => ({ value: g.id, label: `${g.name}（${w.kinds[g.kind]}）` }))}
            />
          )}
        </Loaded>
      </Stack>
    </Drawer>
  )
}
