import type { Named, Source } from '@renxin/server'
import { ReportKind } from '../../records-contract.ts'
import type { OrderKind } from '../records/facts.ts'

type Part = Pick<Source, 'may'> & Partial<Source>
const under =
  (group: Named, common: Part) =>
  (path: string, zh: string, en: string, more: Partial<Source> = {}): Source => ({
    path,
    group,
    title: [zh, en],
    kind: 'text',
    ...common,
    ...more,
  })

const visit = under(['就诊', 'Visit'], { may: 'encounters.read' })
const diagnosis = under(['诊断', 'Diagnosis'], { may: 'encounters.read', guards: 'diagnosis' })
const operation = under(['手术', 'Operation'], { may: 'encounters.read' })
const order = under(['医嘱', 'Orders'], { may: 'encounters.read', takesChoice: true })
const booking = under(['预约', 'Booking'], { may: 'encounters.read' })
const laboratory = under(['检验结果', 'Laboratory results'], { may: 'encounters.results', takesChoice: true })
const report = under(['检查报告', 'Reports'], { may: 'encounters.results', takesChoice: true, kind: 'longText' })

/** What forms may be filled with of a visit, and of the patient's records. A path stands in published questionnaires: it is never given another meaning. */
export const sourceList: readonly Source[] = [
  visit('encounter.class', '就诊类别', 'Kind of visit'),
  visit('encounter.department', '科室', 'Department'),
  visit('encounter.ward', '病区', 'Ward'),
  visit('encounter.bed', '床位', 'Bed'),
  visit('encounter.admittedAt', '入院（就诊）时间', 'Admitted (seen) at', { kind: 'dateTime' }),
  visit('encounter.dischargedAt', '出院时间', 'Discharged at', { kind: 'dateTime' }),
  visit('encounter.lengthOfStayDays', '住院天数', 'Length of stay (days)', { kind: 'number' }),
  visit('encounter.attending', '主管医生', 'Attending doctor'),
  visit('encounter.nurse', '责任护士', 'Nurse'),
  visit('encounter.nursingLevel', '护理级别', 'Nursing level'),
  visit('encounter.condition', '病情', 'Condition'),
  visit('encounter.course', '病程（曾病危、曾病重等）', 'Course (was critical, serious …)'),
  visit('encounter.disposition', '离院方式', 'Way of leaving'),
  visit('encounter.identityClass', '身份（就诊时）', 'Identity class (of the visit)'),
  visit('encounter.payer', '付费方式（就诊时）', 'Payer (of the visit)'),
  visit('encounter.priorDischargeOn', '上次出院日期', 'Discharge before this one', { kind: 'date' }),
  diagnosis('diagnosis.main', '主要诊断', 'Main diagnosis'),
  diagnosis('diagnosis.mainCode', '主要诊断编码', 'Code of the main diagnosis'),
  diagnosis('diagnosis.all', '全部诊断', 'All diagnoses', { kind: 'longText' }),
  operation('operation.names', '全部手术', 'All operations', { kind: 'longText' }),
  operation('operation.last', '最近一次手术', 'Last operation'),
  operation('operation.lastOn', '最近一次手术日期', 'Day of the last operation', { kind: 'date' }),
  operation('operation.lastDoctor', '最近一次手术的医生', 'Surgeon of the last operation'),
  operation('operation.lastAnaesthesia', '最近一次手术的麻醉', 'Anaesthesia of the last operation'),
  order('order.list', '这次就诊的医嘱', 'Orders of this visit', { kind: 'longText' }),
  booking('booking.nextAt', '下次预约时间', 'Next appointment at', { kind: 'dateTime' }),
  booking('booking.nextName', '下次预约', 'Next appointment'),
  laboratory('laboratory.visit', '这次就诊的结果', 'Result of this visit'),
  laboratory('laboratory.latest', '最近一次结果（不限这次就诊）', 'Latest result (of any visit)'),
  laboratory('laboratory.visitAmount', '这次就诊的数值', 'Number of this visit', { kind: 'number' }),
  laboratory('laboratory.latestAmount', '最近一次数值（不限这次就诊）', 'Latest number (of any visit)', { kind: 'number' }),
  report('report.conclusion', '这次就诊的报告结论', 'Conclusion of this visit’s report'),
  report('report.findings', '这次就诊的报告所见', 'Findings of this visit’s report'),
  report('report.latestConclusion', '最近一份报告的结论（不限这次就诊）', 'Conclusion of the latest report (of any visit)'),
]

export const orderKinds = ['medication', 'laboratory', 'imaging', 'nursing', 'procedure', 'other'] as const satisfies readonly OrderKind[]
/** Of a laboratory's reports the results are taken one by one. */
export const reportKinds = ReportKind.options.filter((k) => k !== 'laboratory')
