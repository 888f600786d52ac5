import { z } from 'zod'
import { codeTables } from './contract.ts'
import { LONGEST_NAME } from './own-fields-contract.ts'

/** What the rows of a table may be about: a view of the hospital's system, or a file. */
export const Target = z.enum(['patients', 'encounters', 'reports', 'staff', 'places'])
export type Target = z.infer<typeof Target>

/** The sender's code tables and those that only columns need. */
export const columnCodes = [...codeTables, 'flag', 'deleted', 'reportKind', 'reportStatus', 'job', 'placeKind'] as const
export type ColumnCodes = (typeof columnCodes)[number]

export type FieldKind = 'text' | 'number' | 'amount' | 'date' | 'moment' | 'phone' | 'identityCard' | 'code'

export type Field = {
  readonly kind: FieldKind
  readonly codes?: ColumnCodes
  readonly isRequired?: true
  /** Headers by which the column is known: pinyin initials of older systems, Chinese, English. */
  readonly synonyms: readonly string[]
  /** Headers that will do where no column has one of the synonyms; another field may have taken that column too. */
  readonly fallback?: readonly string[]
}

const field = (kind: FieldKind, synonyms: string, more: Omit<Field, 'kind' | 'synonyms'> = {}): Field => ({
  kind,
  synonyms: synonyms.split(' '),
  ...more,
})
const coded = (codes: ColumnCodes, synonyms: string, more: Omit<Field, 'kind' | 'synonyms'> = {}): Field =>
  field('code', synonyms, { codes, ...more })

const numbers = {
  recordNumber: field('number', 'BAH 病案号 病历号 病案号码 MRN MR_NO PATIENT_NO'),
  patientIndex: field('number', 'PATIENT_ID 患者主索引 主索引 EMPI EMPIID 患者ID 病人ID BRID 患者编号 病人编号'),
  inpatientNumber: field('number', 'ZYH 住院号 ZYHM 住院号码 INP_NO INPATIENT_NO'),
  cardNumber: field('number', 'JZKH 就诊卡号 就诊卡 诊疗卡号 卡号 CARD_NO'),
  identityCard: field('identityCard', 'SFZH 身份证号 身份证 身份证号码 SFZHM 证件号码 证件号 ZJHM ID_NO ID_CARD IDCARD IDENTITY_NO'),
}

const row = {
  updatedAt: field(
    'moment',
    'GXSJ 更新时间 最后更新时间 修改时间 最后修改时间 XGSJ UPDATE_TIME UPDATED_AT LAST_UPDATE LAST_UPDATE_TIME MODIFY_TIME UPDATETIME',
  ),
  deleted: coded('deleted', 'SCBZ 删除标志 删除标记 作废标志 ZFBZ IS_DELETED DEL_FLAG DELETED'),
}

const person = {
  ...numbers,
  name: field('text', 'XM 姓名 患者姓名 病人姓名 BRXM HZXM PATIENT_NAME NAME'),
  sex: coded('sex', 'XB 性别 患者性别 病人性别 SEX GENDER'),
  birthOn: field('date', 'CSRQ 出生日期 生日 出生年月日 BIRTHDAY BIRTH_DATE DATE_OF_BIRTH'),
  mobile: field('phone', 'LXDH 联系电话 SJH 手机号 手机 手机号码 SJHM 本人电话 患者电话 电话 电话号码 MOBILE PHONE TEL TELEPHONE'),
  homePhone: field('phone', 'JTDH 家庭电话 固定电话 座机 住宅电话 HOME_PHONE'),
  kinName: field('text', 'LXRXM 联系人姓名 联系人 LXR 家属姓名 CONTACT_NAME'),
  kinRelation: field('text', 'LXRGX 联系人关系 与患者关系 与病人关系 关系 RELATION'),
  kinPhone: field('phone', 'LXRDH 联系人电话 家属电话 联系人手机 CONTACT_PHONE'),
  address: field('text', 'XZZ 现住址 家庭住址 家庭地址 联系地址 住址 地址 JTZZ JTDZ LXDZ ADDRESS'),
  ethnic: field('text', 'MZ 民族 NATION ETHNIC'),
  marital: field('text', 'HYZK 婚姻状况 婚姻 MARITAL'),
  occupation: field('text', 'ZY 职业 ZYMC OCCUPATION'),
  language: field('text', '语言 语种 LANGUAGE'),
  birthPlace: field('text', 'CSD 出生地 BIRTH_PLACE'),
  nationality: field('text', 'GJ 国籍 NATIONALITY'),
  payer: coded('payer', 'YLFKFS 医疗付费方式 付费方式 费别 医保类型 费用类别 YBLX CHARGE_TYPE'),
  identityClass: coded('identity', 'SFLB 身份类别 人员身份 患者身份 患者类别 病人类别 IDENTITY'),
  deceased: coded('flag', 'SWBZ 死亡标志 是否死亡 DECEASED'),
  deceasedAt: field('moment', 'SWSJ 死亡时间 死亡日期 SWRQ DEATH_TIME'),
}

const department = {
  departmentCode: field('number', 'KSDM 科室代码 科室编码 科室编号 KSBM DEPT_CODE DEPT_ID'),
  departmentName: field('text', 'KSMC 科室名称 科室 KS DEPT_NAME DEPT'),
}
const ward = {
  wardCode: field('number', 'BQDM 病区代码 病区编码 病区编号 BQBM WARD_CODE'),
  wardName: field('text', 'BQMC 病区名称 病区 BQ WARD_NAME WARD 护理单元'),
}

const visitNumber = (more: Pick<Field, 'isRequired'>) =>
  field('number', 'JZLSH 就诊流水号 ZYLSH 住院流水号 就诊号 流水号 JZH VISIT_ID VISIT_NO ENCOUNTER_ID', {
    ...more,
    fallback: ['ZYH', '住院号', '门诊号', 'MZH', 'INP_NO'],
  })

/**
 * What a table may say, field by field. One column may serve several fields, and a field may be a constant: a view of discharges says nowhere that all
 * of them are inpatients.
 */
export const targets = {
  patients: { ...person, ...row },
  encounters: {
    visitNumber: visitNumber({ isRequired: true }),
    visitCount: field('number', 'ZYCS 住院次数 入院次数 VISIT_COUNT'),
    class: coded('class', 'JZLX 就诊类型 就诊类别 患者来源 VISIT_TYPE PATIENT_CLASS'),
    admittedAt: field(
      'moment',
      'RYRQ 入院日期 入院时间 RYSJ 就诊时间 就诊日期 JZSJ JZRQ 挂号时间 挂号日期 GHSJ ADMIT_TIME ADMISSION_DATE VISIT_DATE',
    ),
    dischargedAt: field('moment', 'CYRQ 出院日期 出院时间 CYSJ DISCHARGE_TIME DISCHARGE_DATE'),
    disposition: coded('disposition', 'LYFS 离院方式 出院方式 CYFS 转归 出院情况 DISPOSITION'),
    cancelled: coded('flag', 'CXBZ 撤销标志 取消标志 退号标志 QXBZ THBZ 是否取消 CANCELLED'),
    ...department,
    ...ward,
    room: field('text', 'FJH 房间号 病房 病室 ROOM'),
    bed: field('text', 'CWH 床位号 床号 床位 CH BED BED_NO'),
    attendingNumber: field('number', 'ZGYSGH 主管医生工号 主治医师工号 管床医生工号 医生工号 YSGH DOCTOR_CODE DOCTOR_ID'),
    attendingName: field('text', 'ZGYS 主管医生 主治医师 主治医生 管床医生 ZZYS 经治医师 接诊医生 医生 医生姓名 YSXM DOCTOR DOCTOR_NAME'),
    nurseNumber: field('number', 'ZRHSGH 责任护士工号 护士工号 NURSE_CODE'),
    nurseName: field('text', 'ZRHS 责任护士 责护 责任护士姓名 NURSE NURSE_NAME'),
    nursingLevel: coded('nursing', 'HLJB 护理级别 护理等级 HLDJ NURSING_LEVEL'),
    condition: coded('condition', 'WZBZ 危重标志 病情 病情状态 BQZT 危重 CONDITION'),
    diagnosisCode: field('number', 'ICD10 ICD ZDBM 诊断编码 诊断代码 ZDDM 主要诊断编码 DIAG_CODE'),
    diagnosisName: field('text', 'ZD 诊断 主要诊断 诊断名称 ZDMC 出院诊断 主诊断 入院诊断 DIAGNOSIS DIAG_NAME'),
    otherDiagnoses: field('text', 'QTZD 其他诊断 其它诊断 次要诊断'),
    summary: field('text', 'CYXJ 出院小结 CYJL 出院记录'),
    ...person,
    ...row,
  },
  reports: {
    reportNumber: field('number', 'BGDH 报告单号 报告编号 报告号 BGID BGH REPORT_NO REPORT_ID', { isRequired: true }),
    visitNumber: visitNumber({}),
    ...numbers,
    name: person.name,
    sex: person.sex,
    birthOn: person.birthOn,
    kind: coded('reportKind', 'BGLX 报告类型 报告类别 检查类型 检查类别 JCLX REPORT_TYPE MODALITY'),
    status: coded('reportStatus', 'BGZT 报告状态 审核状态 REPORT_STATUS STATUS'),
    title: field('text', 'BGMC 报告名称 检查项目 检查名称 JCXM JCMC 检验项目 组合名称 REPORT_NAME TITLE'),
    code: field('number', 'JCXMDM 检查项目代码 检验组合代码 组合代码 REPORT_CODE'),
    orderNumber: field('number', 'SQDH 申请单号 医嘱号 YZH ORDER_NO'),
    accessionNumber: field('number', 'JCH 检查号 影像号 YXH 检查流水号 ACCESSION_NO ACCESSION_NUMBER'),
    ...department,
    observedAt: field('moment', 'JCSJ JCRQ 检查时间 检查日期 采样时间 CYSJ 标本采集时间 检验时间 EXAM_TIME SAMPLE_TIME'),
    reportedAt: field('moment', 'BGSJ 报告时间 报告日期 BGRQ 审核时间 SHSJ REPORT_TIME'),
    authorNumber: field('number', 'BGYSGH 报告医生工号 审核人工号 REPORTER_CODE'),
    authorName: field('text', 'BGYS 报告医生 报告人 审核人 审核医生 SHR REPORTER'),
    findings: field('text', 'JCSJ 检查所见 所见 影像所见 JCSJMS FINDINGS'),
    conclusion: field('text', 'JCZD 检查结论 检查诊断 诊断意见 结论 JCJL 报告结论 印象 CONCLUSION IMPRESSION'),
    link: field('text', 'BGLJ 报告链接 报告地址 链接 URL LINK'),
    itemCode: field('number', 'XMDM 项目代码 项目编码 指标代码 ITEM_CODE'),
    itemName: field('text', 'XMMC 项目名称 指标名称 检验指标 项目 ITEM_NAME'),
    itemValue: field('text', 'JYJG 检验结果 结果 JG 结果值 RESULT RESULT_VALUE VALUE'),
    itemUnit: field('text', 'DW 单位 JLDW UNIT'),
    itemRange: field('text', 'CKZ CKFW 参考值 参考范围 参考区间 REFERENCE REF_RANGE'),
    itemFlag: field('text', 'YCBZ 异常标志 异常提示 结果标志 GDBZ 高低标志 FLAG ABNORMAL_FLAG'),
    critical: coded('flag', 'WJZ 危急值 危急值标志 WJZBZ CRITICAL'),
    ...row,
  },
  staff: {
    staffNumber: field('number', 'GH 工号 职工号 人员编号 RYBH RYDM 员工号 STAFF_NO EMP_NO USER_CODE', { isRequired: true }),
    name: field('text', 'XM 姓名 人员姓名 职工姓名 RYXM STAFF_NAME NAME', { isRequired: true }),
    job: coded('job', 'RYLB 人员类别 岗位 岗位类别 职务类别 人员类型 JOB'),
    title: field('text', 'ZC 职称 ZCMC 职称名称 TITLE'),
    startedOn: field('date', 'RZRQ 入职日期 入职时间 来院日期 到院日期 HIRE_DATE STARTED_ON'),
    years: field('amount', '工龄 工作年限 在院年限 院龄 YEARS_OF_SERVICE'),
    wantedRole: field('text', '角色 系统角色 账号角色 JS ROLE'),
    ...department,
    ...ward,
    inactive: coded('flag', 'TYBZ 停用标志 离职标志 是否离职 LZBZ 是否停用 INACTIVE DISABLED'),
    ...row,
  },
  places: {
    placeCode: field('number', 'KSDM 科室代码 科室编码 病区代码 BQDM 代码 编码 DM BM CODE DEPT_CODE', { isRequired: true }),
    placeName: field('text', 'KSMC 科室名称 病区名称 BQMC 名称 MC NAME DEPT_NAME', { isRequired: true }),
    placeKind: coded('placeKind', 'LB 类别 科室类别 KSLB 类型 部门类型 KIND'),
    departmentCode: field('number', 'SSKS 所属科室代码 上级科室代码 上级代码 SJDM 所属科室 PARENT_CODE'),
    inactive: coded('flag', 'TYBZ 停用标志 是否停用 INACTIVE DISABLED'),
    ...row,
  },
} as const satisfies Record<Target, Record<string, Field>>

/** Where a field comes from. `width`: how many digits the number has; one that is shorter has lost its zeros. */
export const ColumnSource = z.union([
  z.strictObject({ column: z.string().min(1).max(128), width: z.int().min(1).max(40).optional() }),
  z.strictObject({ constant: z.string().min(1).max(200) }),
])
export type ColumnSource = z.infer<typeof ColumnSource>

/** Which column says what, by field. */
export const ColumnMapping = z.record(z.string().max(LONGEST_NAME), ColumnSource)
export type ColumnMapping = z.infer<typeof ColumnMapping>

/** `{ "nursing": { "1": "特级" } }`, as in a sender's mapping; the codes of one of the hospital's own fields stand under its name. */
export const CodeTables = z.record(z.string().max(LONGEST_NAME), z.record(z.string().max(100), z.string().max(100)))
export type CodeTables = z.infer<typeof CodeTables>

export const columnProblems = [
  'noColumn', // the table has no such column (any more)
  'missing', // a field that has to be there is empty
  'noPatientNumber', // nothing says whose row it is
  'damaged', // 1.10101E+17: the spreadsheet has thrown digits away
  'lostZeros', // fewer digits than the column's numbers have
  'badIdentityCard',
  'badPhone',
  'badDate',
  'unknownCode',
  'badNumber', // an amount that is none
  'tooLong',
  'badOwnField', // one that the hospital's own field does not take
] as const

/** Something in a row that was not understood. `stops`: nothing of the row is taken; otherwise the rest of it is. */
export const ColumnProblem = z.object({
  field: z.string(),
  column: z.string(),
  code: z.enum(columnProblems),
  value: z.string(),
  stops: z.boolean(),
})
export type ColumnProblem = z.infer<typeof ColumnProblem>
