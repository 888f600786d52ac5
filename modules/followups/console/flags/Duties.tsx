import { useRead, useWrite } from '@renxin/client'
import { Dialog, ErrorNote, Loaded, notify, SelectField, Stack } from '@renxin/ui'
import { flagsApi } from '../../contract.ts'
import { words } from '../../words.ts'

const w = words.flags

/** Who answers for the red flags of each department; what is chosen is kept at once. */
export function Duties({ onClose }: { onClose: () => void }) {
  const duties = useRead(flagsApi.flagDuties, {})
  const doctors = useRead(flagsApi.flagDoctors, {})
  const set = useWrite(flagsApi.setFlagDuty, { onSuccess: () => notify(w.dutySaved) })
  const known = (doctors.data?.rows ?? []).map((d) => ({ value: d.id, label: [d.name, d.title].filter(Boolean).join(' · ') }))
  return (
    <Dialog title={w.duties} onClose={onClose}>
      <Stack gap={12}>
        <p className="rx-note">{w.dutiesHint}</p>
        <ErrorNote error={set.error} text={words.of(set.error)} />
        <Loaded of={duties}>
          {({ rows }) => (
            <div style={{ maxHeight: 420, overflow: 'auto' }}>
              <Stack gap={8}>
                {rows.map((r) => (
                  <SelectField
                    key={r.departmentId}
                    label={r.departmentName}
                    placeholder={w.noDuty}
                    value={r.accountId}
                    onChange={(accountId) => set.send({ departmentId: r.departmentId, accountId })}
                    options={
                      r.accountId && !known.some((k) => k.value === r.accountId)
                        ? [...known, { value: r.accountId, label: r.accountName ?? '' }]
                        : known
                    }
                  />
                ))}
              </Stack>
            </div>
          )}
        </Loaded>
      </Stack>
    </Dialog>
  )
}
