import { addDays, type LocalDate } from '@renxin/kernel'
import type { Department } from './departments.ts'
import { drawName, type Sex } from './names.ts'
import type { Random } from './random.ts'

export type Phone = { number: string; kind: 'mobile' | 'landline' }
export type Kin = { name: string; relation: string; relationCode: string; phone: string }
export type Person = {
  medicalRecordNumber: string
  name: string
  sex: Sex
  birthOn: LocalDate
  identityCard: string | null
  phones: Phone[]
  kin: Kin | null
  payer: readonly [code: string, name: string]
  identityClass: readonly [code: string, name: string]
  district: string
  address: string
}

const PAYERS = [
  [['01', '城镇职工基本医疗保险'], 48],
  [['02', '城乡居民基本医疗保险'], 37],
  [['07', '全自费'], 9],
  [['06', '全公费'], 2],
  [['05', '商业医疗保险'], 4],
] as const
const IDENTITIES = [
  [['02', '地方'], 82],
  [['04', '企业'], 8],
  [['03', '干部'], 3],
  [['06', '老干部'], 1],
  [['01', '军人'], 0.7],
  [['07', '战士'], 0.3],
  [['05', '军人家属'], 1],
  [['09', '其他'], 4],
] as const
const DISTRICTS = ['示范市城东区', '示范市城西区', '示范市高新区', '示范市滨湖区', '示范市经开区', '示范市南山县']
const ROADS = ['仁和路', '康宁路', '惠民街', '杏林路', '春晖路', '安泰街', '长青路', '和平里']
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** An identity number of a division that does not exist (00), so that it is nobody's; its check digit is right (GB 11643). */
export function drawIdentityCard(random: Random, birthOn: LocalDate, sex: Sex): string {
  const order = random.int(0, 499) * 2 + (sex === 'male' ? 1 : 0)
  const body = `0000${String(random.int(1, 99)).padStart(2, '0')}${birthOn.replaceAll('-', '')}${String(order).padStart(3, '0')}`
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0)
  return body + '10X98765432'[sum % 11]
}

/** A mobile number of the blocks 1xx 0000, which fixtures use. */
export const drawMobile = (random: Random): string =>
  `1${random.pick(['3', '5', '8'])}${random.int(0, 9)}0000${String(random.int(0, 9999)).padStart(4, '0')}`

/** An age between the department's percentiles: two half-normals that meet at the median. */
function drawAge(random: Random, [p10, median, p90]: Department['age']): number {
  const z = random.normal()
  const spread = (z < 0 ? median - p10 : p90 - median) / 1.2816
  return Math.max(0, Math.min(100, median + z * spread))
}

export function drawPerson(random: Random, department: Department, number: number, today: LocalDate): Person {
  const sex: Sex = random.chance(department.maleShare) ? 'male' : 'female'
  const age = drawAge(random, department.age)
  const birthOn = addDays(today, -Math.floor(age * 365.25 + random.int(0, 300)))
  const isDependent = age < 14 || (age > 80 && random.chance(0.65)) || random.chance(0.12)
  const hasPhone = random.chance(0.985)
  const own = drawMobile(random)
  const kinPhone = drawMobile(random)
  const phones: Phone[] = hasPhone && !isDependent ? [{ number: own, kind: 'mobile' }] : []
  if (random.chance(0.22)) phones.push({ number: `0510-0${String(random.int(0, 9_999_999)).padStart(7, '0')}`, kind: 'landline' })
  return {
    medicalRecordNumber: `D${String(number).padStart(7, '0')}`,
    name: age < 0.1 ? `${drawName(random, 'female').slice(0, 2)}之${sex === 'male' ? '子' : '女'}` : drawName(random, sex),
    sex,
    birthOn,
    identityCard: age < 0.1 || random.chance(0.03) ? null : drawIdentityCard(random, birthOn, sex),
    phones,
    kin: isDependent || random.chance(0.61) ? drawKin(random, age, sex, kinPhone) : null,
    payer: random.weighted<readonly [string, string]>(PAYERS),
    identityClass: random.weighted<readonly [string, string]>(IDENTITIES),
    district: random.pick(DISTRICTS),
    address: `${random.pick(ROADS)}${random.int(1, 300)}号${random.int(1, 30)}栋${random.int(1, 18)}0${random.int(1, 4)}室`,
  }
}

function drawKin(random: Random, age: number, sex: Sex, phone: string): Kin {
  const [relationCode, relation, kinSex] =
    age < 18
      ? random.pick([['FTH', '父亲', 'male'] as const, ['MTH', '母亲', 'female'] as const])
      : age > 60
        ? random.pick([['SON', '儿子', 'male'] as const, ['DAU', '女儿', 'female'] as const, spouse(sex)])
        : spouse(sex)
  return { name: drawName(random, kinSex), relation, relationCode, phone }
}

const spouse = (sex: Sex) => ['SPO', '配偶', sex === 'male' ? 'female' : 'male'] as const
