import { useRead, useWrite } from '@renxin/client'
import { staffApi } from '@renxin/staff/contract'
import { CheckField, Form, houseWords, Loaded, MultiSelectField, notify, Page, Panel, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type PrivacyRules, privacyApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.privacy

/** By which rules a patient comes into a class of privacy without anybody's hand. */
export function PrivacyRulesPage() {
  const rules = useRead(privacyApi.privacyRules, {})
  return (
    <Page title={t.rulesTitle} note={t.rulesHelp}>
      <Loaded of={rules}>
        {(data) => (
          <>
            <Units key={data.sensitiveUnitIds.join()} rules={data} />
            <StaffNumbers known={data.staffNumbers} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Units({ rules }: { rules: PrivacyRules }) {
  const units = useRead(staffApi.units, {})
  const [chosen, setChosen] = useState<readonly string[]>(rules.sensitiveUnitIds)
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const save = useWrite(privacyApi.savePrivacyRules, { onSuccess: () => notify(t.rulesSaved) })
  const isChanged = [...chosen].sort().join() !== [...rules.sensitiveUnitIds].sort().join()
  const send = () => {
    setTried(true)
    if (reason.trim().length >= 2) save.send({ sensitiveUnitIds: [...chosen], reason: reason.trim() })
  }
  return (
    <Panel title={t.units}>
      <Form onSubmit={send} write={save} verb={t.saveRules} disabled={!isChanged}>
        <MultiSelectField
          label={t.units}
          hint={t.unitsHint}
          value={chosen}
          onChange={setChosen}
          options={(units.data?.rows ?? []).map((u) => ({ value: u.id, label: u.name }))}
        />
        <ReasonField value={reason} onChange={setReason} isTried={isTried} />
      </Form>
    </Panel>
  )
}

function StaffNumbers({ known }: { known: number }) {
  const [text, setText] = useState('')
  const [replaces, setReplaces] = useState(false)
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const add = useWrite(privacyApi.addStaffNumbers, {
    onSuccess: ({ staffNumbers, wrong }) => {
      notify(t.staffAdded({ count: staffNumbers, wrong }))
      setText('')
    },
  })
  const numbers = text.split(/\s+/).filter(Boolean)
  const send = () => {
    setTried(true)
    if (reason.trim().length >= 2) add.send({ numbers, replaces, reason: reason.trim() })
  }
  return (
    <Panel title={t.staffTitle}>
      <Form onSubmit={send} write={add} verb={t.addStaff} disabled={numbers.length === 0}>
        <p>{t.staffKnown({ count: known })}</p>
        <TextArea label={t.staffNumbers} value={text} onChange={setText} />
        <CheckField label={t.replaces} value={replaces} onChange={setReplaces} />
        <ReasonField value={reason} onChange={setReason} isTried={isTried} />
      </Form>
    </Panel>
  )
}

const ReasonField = ({ value, onChange, isTried }: { value: string; onChange: (text: string) => void; isTried: boolean }) => (
  <TextField
    label={t.reason}
    hint={t.reasonHint}
    required
    maxLength={200}
    value={value}
    onChange={onChange}
    error={isTried && value.trim().length < 2 ? houseWords.required : undefined}
  />
)
