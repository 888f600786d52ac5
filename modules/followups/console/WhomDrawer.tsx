import { useAddress, useGo, useList } from '@renxin/client'
import { addDays } from '@renxin/kernel'
import { Choice, Column, Drawer, formatMoment, houseWords, Stack, Table, today } from '@renxin/ui'
import { useState } from 'react'
import { type ProgrammeBody, previewApi, type Rule, type Taken } from '../contract.ts'
import { words } from '../words.ts'

const b = words.builder
const spans = [1, 7, 30] as const

type WhomDrawerProps = { what: string; body: ProgrammeBody; onClose: () => void }

/** Whom the rule would have taken, and why. */
export function WhomDrawer({ what, body, onClose }: WhomDrawerProps) {
  const go = useGo()
  const address = useAddress()
  const [days, setDays] = useState<(typeof spans)[number]>(1)
  const list = useList(previewApi.whom, { what, from: addDays(today(), -days), to: addDays(today(), -1), limit: 50 }, { keep: true })
  return (
    <Drawer title={b.whomTitle} size={880} onClose={onClose}>
      <Stack>
        <Choice label={words.period} value={days} onChange={setDays} options={spans.map((value) => ({ value, label: b.spans[value] }))} />
        <Table
          of={list}
          label={b.whomTitle}
          empty={b.nobody}
          rowKey={(r: Taken) => r.encounterId}
          onOpen={(r: Taken) => go('patients.file', { id: r.patientId })}
          href={(r: Taken) => address('patients.file', { id: r.patientId })}
        >
          <Column name={words.patient} show={(r: Taken) => r.patientName} width={110} />
          <Column name={words.department} show={(r: Taken) => r.departmentName ?? houseWords.none} cut />
          <Column name={words.ward} show={(r: Taken) => r.wardName ?? houseWords.none} cut />
          <Column
            name={words.builder.when({ trigger: b.triggers[body.trigger] })}
            show={(r: Taken) => formatMoment(r.anchorAt)}
            width={150}
          />
          <Column name={b.why} show={(r: Taken) => whyOf(r, body.rule)} />
        </Table>
      </Stack>
    </Drawer>
  )
}

/** What of a visit meets what the rule asks: nothing is said of what it does not ask. */
export function whyOf(taken: Taken, rule: Rule): string {
  const said = [
    words.class[taken.class],
    rule.diagnoses.length > 0 &&
      (taken.diagnosis ? b.whyDiagnosis({ code: taken.diagnosis.code ?? '', name: taken.diagnosis.name, range: taken.range ?? '' }) : ''),
    (rule.ageFrom !== null || rule.ageTo !== null) && taken.age !== null && b.whyAge({ n: taken.age }),
    rule.sex !== null && houseWords.sex[taken.sex],
    (rule.stayFromDays !== null || rule.stayToDays !== null) && taken.stayDays !== null && b.whyStay({ n: taken.stayDays }),
    ...taken.ever.filter((e) => rule.ever.includes(e)).map((e) => words.ever[e]),
    taken.variant > 0 && b.variantNumber({ n: taken.variant }),
  ]
  return said.filter(Boolean).join('，')
}
