import { type CodeTables, type ColumnCodes, columnCodes } from '../../columns-contract.ts'
import { codeTables } from '../../contract.ts'
import { isOwnName, type OwnName } from '../../own-fields-contract.ts'
import { parseMapping } from '../mapping.ts'

/** By table; one of the hospital's own fields has its own. */
export type Codes = ReadonlyMap<ColumnCodes | OwnName, ReadonlyMap<string, string>>

const yes = { '1': 'yes', Y: 'yes', YES: 'yes', T: 'yes', TRUE: 'yes', 是: 'yes', 有: 'yes' }
const no = { '0': 'no', N: 'no', NO: 'no', F: 'no', FALSE: 'no', 否: 'no', 无: 'no', '2': 'no' }

/** Words that tables use by themselves; a source's own come first. */
const usual: Partial<Record<ColumnCodes, Readonly<Record<string, string>>>> = {
  flag: {
    ...yes,
    ...no,
    阳性: 'yes',
    阴性: 'no',
    死亡: 'yes',
    停用: 'yes',
    离职: 'yes',
    在职: 'no',
    启用: 'no',
    已退号: 'yes',
    已取消: 'yes',
    正常: 'no',
  },
  deleted: { ...yes, ...no, 作废: 'yes', 已删除: 'yes', 已作废: 'yes', 正常: 'no', 有效: 'no' },
  sex: { 男性: 'male', 女性: 'female', 未知: 'unknown', MALE: 'male', FEMALE: 'female' },
  class: {
    住院: 'inpatient',
    门诊: 'outpatient',
    急诊: 'emergency',
    日间手术: 'daySurgery',
    日间: 'daySurgery',
    体检: 'checkUp',
    inpatient: 'inpatient',
    outpatient: 'outpatient',
    emergency: 'emergency',
    daySurgery: 'daySurgery',
    checkUp: 'checkUp',
  },
  nursing: {
    特: '特级',
    特级护理: '特级',
    一级护理: '一级',
    二级护理: '二级',
    三级护理: '三级',
    I级护理: '一级',
    II级护理: '二级',
    III级护理: '三级',
  },
  condition: { 危: '病危', 重: '病重', 危重: '病危', 普通: '一般', 正常: '一般' },
  disposition: {
    医嘱离院: '1',
    治愈: '1',
    好转: '1',
    医嘱转院: '2',
    转院: '2',
    转社区: '3',
    医嘱转社区: '3',
    '医嘱转社区卫生服务机构/乡镇卫生院': '3',
    非医嘱离院: '4',
    自动出院: '4',
    死亡: '5',
    其他: '9',
    其它: '9',
    '1': '1',
    '2': '2',
    '3': '3',
    '4': '4',
    '5': '5',
    '9': '9',
  },
  reportKind: {
    检验: 'laboratory',
    化验: 'laboratory',
    LIS: 'laboratory',
    检查: 'imaging',
    放射: 'imaging',
    影像: 'imaging',
    超声: 'imaging',
    CT: 'imaging',
    CR: 'imaging',
    DR: 'imaging',
    MR: 'imaging',
    MRI: 'imaging',
    US: 'imaging',
    PACS: 'imaging',
    心电: 'ecg',
    心电图: 'ecg',
    ECG: 'ecg',
    内镜: 'endoscopy',
    胃镜: 'endoscopy',
    肠镜: 'endoscopy',
    ES: 'endoscopy',
    病理: 'pathology',
    麻醉: 'anaesthesia',
    其他: 'other',
    ...same('laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other'),
  },
  reportStatus: {
    已登记: 'registered',
    已检查: 'registered',
    初步: 'preliminary',
    未审核: 'preliminary',
    已报告: 'preliminary',
    已审核: 'final',
    审核: 'final',
    已发布: 'final',
    完成: 'final',
    更正: 'corrected',
    修订: 'corrected',
    作废: 'cancelled',
    撤销: 'cancelled',
    取消: 'cancelled',
    ...same('registered', 'preliminary', 'final', 'corrected', 'cancelled'),
  },
  job: {
    医生: 'doctor',
    医师: 'doctor',
    护士: 'nurse',
    护理: 'nurse',
    技师: 'technician',
    医技: 'technician',
    药师: 'technician',
    管理: 'manager',
    行政: 'manager',
    其他: 'other',
    ...same('doctor', 'nurse', 'technician', 'manager', 'other'),
  },
  placeKind: {
    科室: 'department',
    临床科室: 'department',
    病区: 'ward',
    护理单元: 'ward',
    职能科室: 'office',
    行政科室: 'office',
    机关: 'office',
    ...same('department', 'ward', 'office'),
  },
}

function same(...words: string[]): Record<string, string> {
  return Object.fromEntries(words.map((w) => [w, w]))
}

/** What a coded column may come to; tables of free words are not among them. */
const meanings: Partial<Record<ColumnCodes, readonly string[]>> = {
  flag: ['yes', 'no'],
  deleted: ['yes', 'no'],
  reportKind: ['laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other'],
  reportStatus: ['registered', 'preliminary', 'final', 'corrected', 'cancelled'],
  job: ['doctor', 'nurse', 'technician', 'manager', 'other'],
  placeKind: ['department', 'ward', 'office'],
}

export type CodeProblem = { table: string; code: string; meaning: string }

/** The tables of a source over the usual ones. Those that a sender's mapping has too are read by its rules. */
export function codesOf(own: CodeTables = {}): { codes: Codes; problems: CodeProblem[] } {
  const shared = Object.fromEntries(codeTables.flatMap((name) => (own[name] ? [[name, own[name]]] : [])))
  const { mapping, problems: wrong } = parseMapping({ codes: shared })
  const problems: CodeProblem[] = wrong.map((p) => ({
    table: p.entry.split('.')[1] ?? '',
    code: p.entry.split('.').slice(2).join('.'),
    meaning: p.text,
  }))
  const codes = new Map<ColumnCodes | OwnName, ReadonlyMap<string, string>>()
  const said: ReadonlyMap<string, ReadonlyMap<string, string>> = mapping.codes
  for (const name of columnCodes) {
    const ours = Object.entries(own[name] ?? {})
    const allowed = meanings[name]
    for (const [code, meaning] of ours) if (allowed && !allowed.includes(meaning)) problems.push({ table: name, code, meaning })
    codes.set(name, new Map([...Object.entries(usual[name] ?? {}), ...(said.get(name) ?? []), ...ours]))
  }
  for (const [name, table] of Object.entries(own)) if (isOwnName(name)) codes.set(name, new Map(Object.entries(table)))
  for (const name of Object.keys(own)) if (!codes.has(name as ColumnCodes)) problems.push({ table: name, code: '', meaning: '' }) // a key that is none of ours finds nothing
  return { codes, problems }
}

/** `Ⅱ级护理`, `男 ` and `m` are words of the table too. */
export function meaningOf(codes: Codes, table: ColumnCodes, text: string): string | undefined {
  const words = codes.get(table)
  const plain = text.normalize('NFKC').trim()
  return words?.get(text) ?? words?.get(plain) ?? words?.get(plain.toUpperCase())
}
