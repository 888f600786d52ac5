import type { EncounterFacts, RecordFacts } from '@renxin/encounters'
import { type LocalDate, momentAt } from '@renxin/kernel'
import type { Random } from './random.ts'
import { measured, panels } from './records.ts'

export type CheckUpOf = { patientId: string; sex: string; number: string; on: LocalDate }

const HOUR = 3_600_000
const CENTRE = { code: '0901', name: '健康管理中心' }
const SOURCE = '体检系统'

/** What ultrasound and electrocardiogram of people who feel well say, and what the doctor who sums it up makes of it. */
const found = [
  ['肝、胆、胰、脾、双肾未见明显异常。', '窦性心律，正常心电图。', '本次体检未见明显异常，建议每年复查一次。'],
  ['脂肪肝。', '窦性心律，正常心电图。', '脂肪肝：建议控制体重、规律运动，三个月后复查腹部超声。'],
  ['胆囊息肉样病变。', '窦性心律，正常心电图。', '胆囊息肉样病变：建议半年后复查腹部超声。'],
  ['肝囊肿。', '窦性心动过缓。', '肝囊肿、窦性心动过缓：无不适者定期观察，每年复查。'],
  ['双肾结石。', '偶发房性早搏。', '双肾结石：建议多饮水，泌尿外科门诊随诊；偶发房性早搏：有心悸不适时就诊。'],
] as const

/** One morning at the check-up centre: the visit, and what laboratory, ultrasound, electrocardiogram and the doctor said of it. */
export function drawCheckUp(random: Random, { patientId, sex, number, on }: CheckUpOf): { visit: EncounterFacts; records: RecordFacts[] } {
  const admittedAt = momentAt('Asia/Shanghai', on, `08:${String(random.int(0, 59)).padStart(2, '0')}`)
  const at = (hours: number) => new Date(admittedAt.getTime() + hours * HOUR)
  const of = { patientId, visitNumber: number, source: SOURCE, departmentName: CENTRE.name }
  const [ultrasound, cardiogram, conclusion] = random.pick(found)
  const laboratory = panels.map((panel, i): RecordFacts => ({
    ...of, is: 'report', number: `${number}-L${i}`, sourceAt: at(5), kind: 'laboratory', status: 'final', title: panel.title, observedAt: at(0), reportedAt: at(5),
    items: panel.analytes(sex).map((a) => measured(random, a, at(0))),
  })) // biome-ignore format: a report
  const visit = {
    number, patientId, event: 'register', sourceAt: admittedAt, class: 'checkUp', departmentCode: CENTRE.code, departmentName: CENTRE.name, admittedAt,
  } satisfies EncounterFacts // biome-ignore format: a visit
  return {
    visit,
    records: [
      ...laboratory,
      { ...of, is: 'report', number: `${number}-U`, sourceAt: at(3), kind: 'imaging', status: 'final', title: '腹部超声', conclusion: ultrasound, observedAt: at(1) },
      { ...of, is: 'report', number: `${number}-E`, sourceAt: at(3), kind: 'ecg', status: 'final', title: '心电图', conclusion: cardiogram, observedAt: at(1) },
      { ...of, is: 'document', number: `${number}-Z`, sourceAt: at(30), status: 'current', title: '体检总检报告', writtenAt: at(30), text: conclusion },
    ],
  } // biome-ignore format: a record a line
}
