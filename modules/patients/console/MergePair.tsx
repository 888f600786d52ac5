import { useRead, useWrite } from '@renxin/client'
import { Button, Choice, Confirm, Drawer, formatDay, houseWords, Loaded, notify, Panel, Row, Stack, Tag, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type ChosenField, type DuplicatePair, duplicatesApi, type Likeness, patientsApi } from '../contract.ts'
import { words } from '../words.ts'
import { PatientHeader } from './PatientCard.tsx'

const t = words.merging

export const Reasons = ({ reasons }: { reasons: readonly Likeness[] }) => (
  <Row gap={4}>
    {reasons.map(({ kind, points }) => (
      <Tag key={kind} tone={points > 0 ? 'info' : 'warning'}>
        {t.points({ word: t.reason[kind], points: points > 0 ? `+${points}` : String(points) })}
      </Tag>
    ))}
  </Row>
)

type PairProps = { patientId: string; otherId: string; onClose: () => void }

/** Two files side by side: why they may be one person, which stays, and which value of each field. */
export function MergePair({ patientId, otherId, onClose }: PairProps) {
  const pair = useRead(duplicatesApi.duplicatePair, { patientId, otherId })
  return (
    <Drawer title={t.pairTitle} size={880} onClose={onClose}>
      <Loaded of={pair}>{(both) => <Compared pair={both} onDone={onClose} />}</Loaded>
    </Drawer>
  )
}

function Compared({ pair, onDone }: { pair: DuplicatePair; onDone: () => void }) {
  const [keptId, setKept] = useState(pair.patientId)
  const [picked, setPicked] = useState<Partial<Record<ChosenField, string>>>({})
  const [reason, setReason] = useState<string>(t.reasonInitial)
  const [isAsked, setAsked] = useState(false)
  const sides = [
    { id: pair.patientId, file: pair.one, luggage: pair.luggage.one, key: 'one' as const, word: t.one },
    { id: pair.otherId, file: pair.other, luggage: pair.luggage.other, key: 'other' as const, word: t.other },
  ]
  const open = pair.fields.filter((f) => !f.isSame && (f.one.value !== null || f.other.value !== null))
  const same = pair.fields.filter((f) => f.isSame && f.one.value !== null)
  const choiceOf = (field: DuplicatePair['fields'][number]) => picked[field.field] ?? latestOf(pair, field)
  const kept = sides.find((s) => s.id === keptId) ?? sides[0]
  const retired = sides.find((s) => s.id !== keptId) ?? sides[1]
  const dismiss = useWrite(duplicatesApi.dismissDuplicate, {
    onSuccess: () => {
      notify(t.dismissed)
      onDone()
    },
  })
  const merge = useWrite(patientsApi.merge, {
    onSuccess: () => {
      notify(t.merged)
      onDone()
    },
  })
  if (!kept || !retired) return null
  const named = (side: typeof kept) => side.file.name || words.unnamed
  const numbered = (side: typeof kept) => side.file.medicalRecordNumber ?? t.noNumber
  return (
    <Stack>
      {sides.map((side) => (
        <Panel key={side.id} title={side.word}>
          <Stack>
            <PatientHeader card={side.file} />
            <span className="rx-note">{t.luggage(side.luggage)}</span>
          </Stack>
        </Panel>
      ))}
      <Row gap={8}>
        <strong>
          {t.score} {pair.score}
        </strong>
        {pair.reasons.length > 0 ? <Reasons reasons={pair.reasons} /> : <span className="rx-note">{t.noReason}</span>}
      </Row>
      <Choice
        label={t.keep}
        hint={t.keepHint}
        value={keptId}
        onChange={setKept}
        options={sides.map((s) => ({ value: s.id, label: `${s.word} · ${named(s)} · ${numbered(s)}` }))}
      />
      {open.length > 0 && (
        <Panel title={t.choose} note={t.chooseHint}>
          <Stack>
            {open.map((field) => (
              <Choice
                key={field.field}
                label={t.field[field.field]}
                value={choiceOf(field)}
                onChange={(id) => setPicked({ ...picked, [field.field]: id })}
                options={sides.map((s) => ({ value: s.id, label: `${s.word} · ${valueText(field.field, field[s.key])}` }))}
              />
            ))}
          </Stack>
        </Panel>
      )}
      {same.length > 0 && <span className="rx-note">{t.sameFields({ fields: same.map((f) => t.field[f.field]).join('、') })}</span>}
      <TextField label={t.reasonField} value={reason} onChange={setReason} maxLength={200} required />
      <Row>
        <Button busy={dismiss.isSending} onClick={() => dismiss.send({ patientId: pair.patientId, otherId: pair.otherId })}>
          {t.dismiss}
        </Button>
        <Button kind="primary" disabled={reason.trim().length < 2} onClick={() => setAsked(true)}>
          {t.merge}
        </Button>
      </Row>
      {isAsked && (
        <Confirm
          title={t.confirmTitle({
            retired: named(retired),
            retiredNumber: numbered(retired),
            kept: named(kept),
            keptNumber: numbered(kept),
          })}
          verb={t.merge}
          busy={merge.isSending}
          error={merge.error}
          onConfirm={() =>
            merge.send({
              patientId: kept.id,
              retiredId: retired.id,
              reason,
              choices: Object.fromEntries(open.map((field) => [field.field, choiceOf(field)])),
            })
          }
          onCancel={() => setAsked(false)}
        >
          <p>{t.confirmText({ kept: named(kept) })}</p>
          <p>
            {t.moves}: {t.luggage(retired.luggage)}
          </p>
        </Confirm>
      )}
    </Stack>
  )
}

/** What would be shown without a choice: the later word, where there is one. */
function latestOf(pair: DuplicatePair, { one, other }: DuplicatePair['fields'][number]): string {
  if (one.value === null || other.value === null) return one.value === null ? pair.otherId : pair.patientId
  return (other.saidAt ?? '') > (one.saidAt ?? '') ? pair.otherId : pair.patientId
}

function valueText(field: ChosenField, { value, saidAt }: DuplicatePair['fields'][number]['one']): string {
  if (value === null) return houseWords.none
  const isSex = (text: string): text is keyof typeof houseWords.sex => Object.hasOwn(houseWords.sex, text)
  const shown = field === 'sex' && isSex(value) ? houseWords.sex[value] : value
  return saidAt ? t.value({ value: shown, day: formatDay(saidAt) }) : shown
}
