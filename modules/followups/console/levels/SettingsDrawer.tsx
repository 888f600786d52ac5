import { useMe, useRead, useWrite } from '@renxin/client'
import {
  CheckField,
  Choice,
  Column,
  Dialog,
  Drawer,
  Form,
  Loaded,
  MultiChoice,
  NumberField,
  notify,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type LevelRule, LevelSettings, levelsApi, strataBy } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.levels
type Department = { id: string; name: string; rule: LevelRule }

/** How a hospital samples: the programme, the strata, the rhythm, and each department's share. */
export function SettingsDrawer({ onClose }: { onClose: () => void }) {
  const read = useRead(levelsApi.levelSettings, {})
  return (
    <Drawer title={t.settings} size={720} onClose={onClose}>
      <Loaded of={read} lines={10}>
        {({ settings, programmeId, programmes, departments }) => (
          <Stack gap={16}>
            <OfHospital settings={settings} programmeId={programmeId} programmes={programmes} />
            <OfDepartments departments={departments} />
          </Stack>
        )}
      </Loaded>
    </Drawer>
  )
}

/** `7, 14`; null where it is no ascending list of days. */
const boundsIn = (text: string): number[] | null => {
  const parts = text.normalize('NFKC').split(/[,、\s]+/).filter(Boolean) // biome-ignore format: one thought
  const read = LevelSettings.shape.stayBounds.safeParse(parts.map(Number))
  return read.success ? read.data : null
}

type Props = { settings: LevelSettings; programmeId: string | null; programmes: { id: string; name: string }[] }

function OfHospital({ settings, programmeId, programmes }: Props) {
  const { may } = useMe()
  const [form, setForm] = useState({ ...settings, programmeId })
  const [bounds, setBounds] = useState(settings.stayBounds.join(', '))
  const save = useWrite(levelsApi.saveLevelSettings, { onSuccess: () => notify(t.settingsSaved) })
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const stayBounds = boundsIn(bounds)
  const isFixed = !may('followups.sample')
  const send = () => {
    const { programmeId: chosen, ...rest } = form
    if (stayBounds) save.send({ settings: { ...rest, stayBounds }, programmeId: chosen })
  }
  return (
    <Form onSubmit={send} write={save} disabled={isFixed || !stayBounds} {...(!isFixed && { verb: t.saveSettings })}>
      <span className="rx-note">{t.settingsHint}</span>
      <SelectField
        label={t.drawnProgramme}
        placeholder={t.noneOf}
        value={form.programmeId}
        onChange={(id) => change({ programmeId: id })}
        options={programmes.map((p) => ({ value: p.id, label: p.name }))}
        disabled={isFixed}
      />
      <NumberField
        label={t.hospitalShare}
        hint={t.hospitalShareHint}
        value={form.samplePercent}
        onChange={(n) => n !== null && change({ samplePercent: n })}
        min={1}
        max={100}
        unit="%"
        disabled={isFixed}
      />
      <MultiChoice
        label={t.strata}
        value={form.strata}
        onChange={(strata) => change({ strata: strataBy.filter((by) => strata.includes(by)) })}
        options={strataBy.map((by) => ({ value: by, label: t.strataWords[by] }))}
        disabled={isFixed}
      />
      <TextField
        label={t.stayBounds}
        hint={t.stayBoundsHint}
        value={bounds}
        onChange={setBounds}
        error={stayBounds ? undefined : t.stayBoundsWrong}
        disabled={isFixed}
      />
      <Choice
        label={t.rhythm}
        hint={t.rhythmHint}
        value={form.rhythm}
        onChange={(rhythm) => change({ rhythm })}
        options={(['week', 'month'] as const).map((value) => ({ value, label: t.rhythms[value] }))}
        disabled={isFixed}
      />
      <Row gap={8}>
        <NumberField
          label={`${t.hospitalBand} ${t.bandFrom}`}
          hint={t.bandHint}
          value={form.coverageLow}
          onChange={(n) => n !== null && change({ coverageLow: n })}
          min={0}
          max={form.coverageHigh}
          unit="%"
          disabled={isFixed}
        />
        <NumberField
          label={t.bandTo}
          value={form.coverageHigh}
          onChange={(n) => n !== null && change({ coverageHigh: n })}
          min={0}
          max={100}
          unit="%"
          disabled={isFixed}
        />
      </Row>
      <NumberField
        label={t.spotPercent}
        value={form.spotPercent}
        onChange={(n) => n !== null && change({ spotPercent: n })}
        min={1}
        max={100}
        unit="%"
        disabled={isFixed}
      />
      <NumberField
        label={t.urgeHours}
        value={form.urgeHours}
        onChange={(n) => n !== null && change({ urgeHours: n })}
        min={1}
        max={720}
        unit={t.hours}
        disabled={isFixed}
      />
      <NumberField
        label={words.checks.leastSeconds}
        hint={words.checks.leastSecondsHint}
        value={form.leastSeconds}
        onChange={(n) => n !== null && change({ leastSeconds: n })}
        min={0}
        max={3600}
        unit={words.checks.seconds}
        disabled={isFixed}
      />
      <CheckField label={words.checks.showsAll} value={form.showsAll} onChange={(showsAll) => change({ showsAll })} disabled={isFixed} />
      <CheckField label={t.isAutomatic} value={form.isAutomatic} onChange={(isAutomatic) => change({ isAutomatic })} disabled={isFixed} />
    </Form>
  )
}

type Field = { name: keyof LevelRule; label: string }
const fields = (): Field[] => [
  { name: 'samplePercent', label: t.departmentShare },
  { name: 'coverageLow', label: t.departmentLow },
  { name: 'coverageHigh', label: t.departmentHigh },
  { name: 'spotPercent', label: t.departmentSpots },
]

/** Empty: as the hospital. */
function OfDepartments({ departments }: { departments: Department[] }) {
  const { may } = useMe()
  const [editing, setEditing] = useState<Department>()
  return (
    <Panel flush title={t.ofDepartments}>
      <Table of={departments} label={t.ofDepartments} plain onOpen={may('followups.sample') ? setEditing : undefined}>
        <Column name={words.department} show={(d: Department) => d.name} />
        {fields().map(({ name, label }) => (
          <Column
            key={name}
            name={label}
            align="end"
            width={110}
            show={(d: Department) => (d.rule[name] === null ? t.asHospital : `${d.rule[name]}%`)}
          />
        ))}
      </Table>
      {editing && <OfDepartment of={editing} onClose={() => setEditing(undefined)} />}
    </Panel>
  )
}

function OfDepartment({ of, onClose }: { of: Department; onClose: () => void }) {
  const [rule, setRule] = useState(of.rule)
  const save = useWrite(levelsApi.saveLevelRule, {
    onSuccess: () => {
      notify(t.settingsSaved)
      onClose()
    },
  })
  return (
    <Dialog title={of.name} onClose={onClose}>
      <Form onSubmit={() => save.send({ departmentId: of.id, rule })} write={save} verb={t.saveSettings} columns={2}>
        {fields().map(({ name, label }) => (
          <NumberField
            key={name}
            label={label}
            hint={t.asHospitalHint}
            value={rule[name]}
            onChange={(n) => setRule({ ...rule, [name]: n })}
            min={name === 'coverageLow' || name === 'coverageHigh' ? 0 : 1}
            max={100}
            unit="%"
          />
        ))}
      </Form>
    </Dialog>
  )
}
