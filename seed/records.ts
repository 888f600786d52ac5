import type { RecordFacts, ReportItemFact } from '@renxin/encounters'
import type { Random } from './random.ts'

/** A stay as far as its records need it. */
export type RecordedStay = {
  patientId: string
  number: string
  sex: string
  department: string
  diagnosisCode: string
  diagnosis: string
  admittedAt: Date
  dischargedAt: Date
  doctorNumber: string
  doctorName: string
}

type Analyte = { code: string; name: string; unit: string; low: number; high: number; digits: number; spread: number }
type Panel = { title: string; analytes: (sex: string) => Analyte[] }

/** Reference ranges of the national standards WS/T 405-2012 (blood count), WS/T 404.1 and 404.3 (ALT; potassium, sodium, chloride). */
export const panels: readonly Panel[] = [
  {
    title: '血常规',
    analytes: (sex) => [
      { code: 'WBC', name: '白细胞计数', unit: '10^9/L', low: 3.5, high: 9.5, digits: 1, spread: 0.34 },
      { code: 'HGB', name: '血红蛋白', unit: 'g/L', ...(sex === 'female' ? { low: 115, high: 150 } : { low: 130, high: 175 }), digits: 0, spread: 0.3 },
      { code: 'PLT', name: '血小板计数', unit: '10^9/L', low: 125, high: 350, digits: 0, spread: 0.28 },
    ],
  },
  {
    title: '电解质与肝功能',
    analytes: (sex) => [
      { code: 'K', name: '钾', unit: 'mmol/L', low: 3.5, high: 5.3, digits: 2, spread: 0.27 },
      { code: 'NA', name: '钠', unit: 'mmol/L', low: 137, high: 147, digits: 0, spread: 0.3 },
      { code: 'CL', name: '氯', unit: 'mmol/L', low: 99, high: 110, digits: 0, spread: 0.28 },
      { code: 'ALT', name: '丙氨酸氨基转移酶', unit: 'U/L', ...(sex === 'female' ? { low: 7, high: 40 } : { low: 9, high: 50 }), digits: 0, spread: 0.36 },
    ],
  },
] // biome-ignore format: an analyte a line

/** What an examination says where somebody comes with this: by the category of the diagnosis. */
const examinations: Readonly<Record<string, readonly [title: string, findings: string, conclusion: string]>> = {
  J18: [
    '胸部CT平扫',
    '双肺纹理增多，右肺下叶见斑片状密度增高影，边界模糊。气管及主支气管通畅，纵隔未见肿大淋巴结。',
    '右肺下叶炎症，建议治疗后复查。',
  ],
  J44: ['胸部CT平扫', '双肺透亮度增高，纹理稀疏，肺大疱形成。气管及主支气管通畅。', '慢性支气管炎、肺气肿改变。'],
  I63: ['头颅MRI平扫', '左侧基底节区见小片状长T1长T2信号，弥散加权成像呈高信号。脑室、脑池未见扩大。', '左侧基底节区急性脑梗死。'],
  I61: ['头颅CT平扫', '右侧基底节区见团片状高密度影，周围少许水肿带，中线结构居中。', '右侧基底节区脑出血。'],
  K80: ['腹部超声', '胆囊大小正常，壁稍毛糙，腔内见强回声团，后伴声影，随体位移动。', '胆囊结石。'],
  S72: ['髋关节正侧位X线', '右股骨颈骨皮质不连续，断端轻度移位。髋臼关节面光整。', '右股骨颈骨折。'],
  N20: ['泌尿系超声', '左肾盂轻度分离，左侧输尿管上段见强回声，后伴声影。', '左侧输尿管上段结石伴肾盂轻度积水。'],
  M17: ['膝关节正侧位X线', '双膝关节边缘骨质增生，内侧关节间隙变窄。', '双膝关节退行性改变。'],
}
// biome-ignore format: an examination a line

const HOUR = 3_600_000

/** What was operated where somebody stayed with this, by the category of the diagnosis: four digits of ICD-9-CM-3, as the classification prints them. */
const operations: Readonly<Record<string, readonly [code: string, name: string]>> = {
  S72: ['81.51', '全髋关节置换术'],
  M17: ['81.54', '全膝关节置换术'],
  K80: ['51.23', '腹腔镜下胆囊切除术'],
  K35: ['47.01', '腹腔镜下阑尾切除术'],
  H25: ['13.41', '白内障晶状体乳化和抽吸'],
}
export const operated = Object.keys(operations)

export type OperatedStay = Pick<
  RecordedStay,
  'patientId' | 'number' | 'diagnosisCode' | 'admittedAt' | 'dischargedAt' | 'doctorNumber' | 'doctorName'
>

/** Most of them are operated a day after they came. */
export function drawOperation(random: Random, stay: OperatedStay): RecordFacts[] {
  const operation = operations[stay.diagnosisCode.slice(0, 3)]
  if (!operation || !random.chance(0.8)) return []
  const [code, name] = operation
  return [
    {
      is: 'procedure', source: 'HIS', number: `${stay.number}-P1`, sourceAt: stay.dischargedAt, patientId: stay.patientId, visitNumber: stay.number, status: 'current',
      code, name, performedAt: new Date(Math.min(stay.admittedAt.getTime() + 24 * HOUR, stay.dischargedAt.getTime())),
      doctor: { number: stay.doctorNumber, name: stay.doctorName },
    },
  ] // biome-ignore format: an operation
}

/** What laboratory, imaging and the medical record would have sent of a stay. */
export function drawRecords(random: Random, stay: RecordedStay, now: Date): RecordFacts[] {
  const span = stay.dischargedAt.getTime() - stay.admittedAt.getTime()
  const at = (hours: number) => new Date(Math.min(stay.admittedAt.getTime() + hours * HOUR, stay.dischargedAt.getTime()))
  const of = { patientId: stay.patientId, visitNumber: stay.number }
  const draws = [2, ...(span > 72 * HOUR ? [50] : []), ...(span > 144 * HOUR ? [122] : [])] // at admission, and again in a longer stay
  const laboratory = draws.flatMap((hours, round) =>
    panels.map((panel, i): RecordFacts => {
      const [observedAt, reportedAt] = [at(hours), at(hours + 2)]
      return {
        ...of, is: 'report', source: 'LIS', number: `${stay.number}-L${round}${i}`, sourceAt: reportedAt, kind: 'laboratory', status: 'final',
        title: panel.title, departmentName: '检验科', author: { number: 'T0001', name: '周敏' }, observedAt, reportedAt,
        items: panel.analytes(stay.sex).map((a) => measured(random, a, observedAt)),
      } // biome-ignore format: a report
    }),
  )
  return [...laboratory, ...examined(stay, at(6)), summaryOf(stay), totalOf(random, stay, span), ...again(stay, now)]
}

/** A value, its limits, and how it stands to them. */
export function measured(random: Random, { code, name, unit, low, high, digits, spread }: Analyte, observedAt: Date): ReportItemFact {
  const middle = (low + high) / 2
  const amount = Number(Math.max(low * 0.4, middle + random.normal() * spread * (high - low)).toFixed(digits))
  const flag = amount > high ? 'H' : amount < low ? 'L' : 'N'
  return { code, name, value: amount.toFixed(digits), amount, unit, range: `${low}-${high}`, flag, observedAt }
}

function examined({ patientId, number, diagnosisCode }: RecordedStay, at: Date): RecordFacts[] {
  const found = examinations[diagnosisCode.slice(0, 3)]
  if (!found) return []
  const [title, findings, conclusion] = found
  const accessionNumber = `RX${number}`
  return [
    {
      patientId, visitNumber: number, is: 'report', source: 'RIS', number: accessionNumber, sourceAt: at, kind: 'imaging', status: 'final', title, findings,
      conclusion, accessionNumber, departmentName: '医学影像科', author: { number: 'T0002', name: '吴建平' }, observedAt: at, reportedAt: at,
    },
  ] // biome-ignore format: a report
}

const day = (at: Date) => new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 10)

function summaryOf(stay: RecordedStay): RecordFacts {
  const text = [
    `入院日期：${day(stay.admittedAt)}　出院日期：${day(stay.dischargedAt)}`,
    `出院诊断：${stay.diagnosis}`,
    `诊疗经过：入院后完善相关检查，在${stay.department}予以对症及专科治疗，病情平稳，经上级医师同意出院。`,
    '出院医嘱：按时服药，注意休息，两周后门诊复查；如有不适随时就诊。',
  ].join('\n')
  return {
    is: 'document', source: 'EMR', number: `${stay.number}-C0053`, sourceAt: stay.dischargedAt, patientId: stay.patientId, visitNumber: stay.number,
    status: 'current', code: 'C0053', title: '出院小结', departmentName: stay.department, writtenAt: stay.dischargedAt, text,
    author: { number: stay.doctorNumber, name: stay.doctorName },
  } // biome-ignore format: a document
}

const totalOf = (random: Random, stay: RecordedStay, span: number): RecordFacts => ({
  is: 'charge', source: 'HIS', number: `${stay.number}-T`, sourceAt: stay.dischargedAt, patientId: stay.patientId, visitNumber: stay.number, kind: 'total',
  status: 'current', name: '住院总费用', chargedAt: stay.dischargedAt, amountCents: Math.round(random.logNormal(90_000, 0.4) * (2 + span / (24 * HOUR))),
}) // biome-ignore format: a charge

/** Two weeks later at the clinic. */
function again(stay: RecordedStay, now: Date): RecordFacts[] {
  const startsAt = new Date(stay.dischargedAt.getTime() + 14 * 24 * HOUR)
  return [
    {
      is: 'booking', source: 'HIS', number: `${stay.number}-B`, sourceAt: stay.dischargedAt, patientId: stay.patientId, status: startsAt > now ? 'booked' : 'completed',
      name: `${stay.department}复诊`, departmentName: stay.department, startsAt, place: '门诊楼',
    },
  ] // biome-ignore format: an appointment
}
