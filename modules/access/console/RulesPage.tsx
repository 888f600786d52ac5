import { useRead, useWrite } from '@renxin/client'
import { Banner, Button, Choice, Form, Loaded, NumberField, notify, Page, Panel, Row, Stack } from '@renxin/ui'
import { useState } from 'react'
import { accessApi, SignInRules, signInPresets } from '../contract.ts'
import { words } from '../words.ts'
import { ExportLimitsPanel } from './ExportLimitsPanel.tsx'
import { SsoPanel } from './SsoPanel.tsx'

const t = words.rules
const presets = ['grade3', 'modern'] as const

/** How people sign in here: a preset, and every figure of it the hospital's to change. */
export function RulesPage() {
  const rules = useRead(accessApi.rules, {})
  return (
    <Page title={t.title}>
      <Stack gap={16}>
        <Loaded of={rules}>{(set) => <RulesForm key={JSON.stringify(set)} rules={set} />}</Loaded>
        <SsoPanel />
        <ExportLimitsPanel />
      </Stack>
    </Page>
  )
}

type Figure = Exclude<keyof SignInRules, 'secondFactor' | 'auditApart'>
const ranges: Record<Figure, [min: number, max: number]> = {
  minLength: [8, 64],
  kinds: [1, 4],
  maxAgeDays: [1, 3650],
  remembered: [0, 10],
  tries: [3, 10],
  lockMinutes: [1, 1440],
  idleMinutes: [3, 480],
  emergencyHours: [1, 24],
}

function RulesForm({ rules }: { rules: SignInRules }) {
  const [draft, setDraft] = useState<SignInRules>(rules)
  const save = useWrite(accessApi.changeRules, { onSuccess: () => notify(words.saved) })
  const figure = (name: Figure) => (
    <NumberField
      label={t.figures[name]}
      hint={t.hints[name]}
      required={name !== 'maxAgeDays'}
      min={ranges[name][0]}
      max={ranges[name][1]}
      value={draft[name]}
      onChange={(n) => setDraft({ ...draft, [name]: n ?? (name === 'maxAgeDays' ? null : ranges[name][0]) })}
    />
  )
  const isWhole = SignInRules.safeParse(draft).success
  return (
    <Stack gap={16}>
      <Panel title={t.presets} note={t.presetsNote}>
        <Row>
          {presets.map((p) => (
            <Button key={p} onClick={() => setDraft(signInPresets[p])}>
              {t.preset[p]}
            </Button>
          ))}
        </Row>
      </Panel>
      <Panel title={t.own}>
        <Form columns={2} onSubmit={() => isWhole && save.send(draft)} write={save} verb={words.save} disabled={!isWhole}>
          {figure('minLength')}
          {figure('kinds')}
          {figure('maxAgeDays')}
          {figure('remembered')}
          {figure('tries')}
          {figure('lockMinutes')}
          {figure('idleMinutes')}
          {figure('emergencyHours')}
          <Choice
            label={t.secondFactor}
            hint={t.factorHint}
            value={draft.secondFactor}
            onChange={(secondFactor) => setDraft({ ...draft, secondFactor })}
            options={(['optional', 'administrators', 'everybody'] as const).map((o) => ({ value: o, label: t.factor[o] }))}
          />
          <Choice
            label={t.auditApart}
            hint={t.apartHint}
            value={draft.auditApart}
            onChange={(auditApart) => setDraft({ ...draft, auditApart })}
            options={[
              { value: true, label: t.apart.yes },
              { value: false, label: t.apart.no },
            ]}
          />
        </Form>
        <Banner>{t.fromNext}</Banner>
      </Panel>
    </Stack>
  )
}
