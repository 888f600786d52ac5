/** One department of a large city hospital: its beds, its discharges a month, the mean stay in days, the share of men and the age (10th percentile, median, 90th). */
export type Department = {
  code: string
  name: string
  beds: number
  dischargesAMonth: number
  meanStayDays: number
  maleShare: number
  age: readonly [number, number, number]
  diagnoses: readonly (readonly [code: string, name: string])[]
}

/**
 * Modelled on published figures: 6,990 discharges a month, 1,855 beds, a mean stay of 6.9 days, bed use of 86 %. A line a department: code, name,
 * beds, discharges a month, mean stay in days, share of men, age (10 %, median, 90 %); then what people come with.
 */
const TABLE = `
0301 心血管内科 120 495 6.4 0.6 46 66 82 | I20.000 不稳定型心绞痛 · I21.401 急性非ST段抬高型心肌梗死 · I10.x00 原发性高血压 · I50.900 心力衰竭 · I48.x00 心房颤动
0302 呼吸与危重症医学科 95 290 8.4 0.63 42 69 84 | J44.100 慢性阻塞性肺疾病急性加重 · J18.900 肺炎 · J45.900 支气管哮喘 · J84.100 间质性肺病
0303 消化内科 85 345 6.3 0.55 34 59 78 | K29.500 慢性胃炎 · K25.900 胃溃疡 · K63.500 结肠息肉 · K85.900 急性胰腺炎
0304 神经内科 100 310 8.6 0.57 45 67 83 | I63.900 脑梗死 · G40.900 癫痫 · G20.x00 帕金森病 · I67.900 脑供血不足
0305 肾内科 55 170 8.5 0.56 32 57 76 | N18.000 慢性肾脏病 · N04.900 肾病综合征 · N17.900 急性肾衰竭
0306 内分泌代谢科 55 200 7.3 0.53 35 60 77 | E11.900 2型糖尿病 · E05.900 甲状腺功能亢进 · E14.500 糖尿病足
0307 血液内科 50 140 9.6 0.54 24 55 75 | C92.000 急性髓系白血病 · D61.900 再生障碍性贫血 · C83.300 弥漫大B细胞淋巴瘤
0308 风湿免疫科 35 110 7.6 0.28 27 51 72 | M06.900 类风湿关节炎 · M32.900 系统性红斑狼疮 · M45.x00 强直性脊柱炎
0309 肿瘤科 140 590 6.2 0.56 43 61 75 | C34.900 肺恶性肿瘤 · C50.900 乳腺恶性肿瘤 · C18.900 结肠恶性肿瘤 · Z51.100 恶性肿瘤化学治疗
0310 老年医学科 45 95 12.5 0.58 70 81 91 | I25.100 冠状动脉粥样硬化性心脏病 · J18.900 肺炎 · F03.x00 老年痴呆
0311 感染性疾病科 45 135 9.0 0.6 24 50 74 | B18.100 慢性乙型病毒性肝炎 · K74.600 肝硬化 · A41.900 脓毒症
0312 普外科 165 610 7.2 0.5 33 57 75 | K80.200 胆囊结石 · K35.900 急性阑尾炎 · K40.900 腹股沟疝 · C73.x00 甲状腺恶性肿瘤
0313 骨科 120 380 8.3 0.51 25 57 78 | S72.000 股骨颈骨折 · M17.900 膝关节骨性关节炎 · M51.200 腰椎间盘突出 · S82.200 胫骨骨折
0314 神经外科 65 140 12.0 0.58 32 57 75 | I61.900 脑出血 · S06.500 硬膜下血肿 · D32.900 脑膜瘤
0315 心胸外科 55 160 9.0 0.57 36 60 74 | C34.900 肺恶性肿瘤 · J93.900 气胸 · I35.000 主动脉瓣狭窄
0316 泌尿外科 60 255 6.2 0.74 35 60 77 | N20.100 输尿管结石 · N40.x00 前列腺增生 · C67.900 膀胱恶性肿瘤
0317 烧伤整形科 25 65 9.5 0.6 8 40 65 | T30.000 烧伤 · L91.000 瘢痕
0318 妇科 70 325 5.6 0.0 27 45 65 | D25.900 子宫平滑肌瘤 · N80.900 子宫内膜异位症 · D27.x00 卵巢囊肿
0319 产科 85 500 4.4 0.0 25 31 38 | O80.000 头位顺产 · O82.000 剖宫产 · O24.400 妊娠期糖尿病
0320 新生儿科 55 195 7.5 0.55 0 0 0 | P59.900 新生儿黄疸 · P07.300 早产儿 · P23.900 新生儿肺炎
0321 儿科 70 325 5.6 0.57 0 4 11 | J18.000 支气管肺炎 · J21.900 急性毛细支气管炎 · A08.000 轮状病毒性肠炎
0322 眼科 45 390 3.1 0.47 25 66 81 | H25.900 年龄相关性白内障 · H40.900 青光眼 · H33.000 视网膜脱离
0323 耳鼻咽喉头颈外科 40 210 5.2 0.57 8 45 68 | J32.900 慢性鼻窦炎 · J35.000 慢性扁桃体炎 · H91.200 突发性耳聋
0324 口腔颌面外科 20 80 6.0 0.55 12 42 68 | K01.100 阻生牙 · S02.600 下颌骨骨折
0325 皮肤科 15 50 7.5 0.52 22 52 76 | L40.900 银屑病 · B02.900 带状疱疹
0326 中医科 35 85 10.0 0.45 40 62 80 | I69.300 脑梗死后遗症 · M54.500 腰痛 · K30.x00 功能性消化不良
0327 康复医学科 35 60 16.0 0.6 38 63 80 | I69.300 脑梗死后遗症 · S14.100 颈髓损伤
0328 急诊病房 35 155 5.5 0.6 30 62 83 | T65.900 中毒 · R57.900 休克 · S09.900 头部损伤
0329 重症医学科 35 125 7.8 0.62 38 66 84 | J96.000 急性呼吸衰竭 · A41.900 脓毒症 · R57.200 感染性休克
`

export const departments: readonly Department[] = TABLE.trim().split('\n').map(readLine)

function readLine(line: string): Department {
  const [facts = '', complaints = ''] = line.split(' | ')
  const [code = '', name = '', ...numbers] = facts.split(' ')
  const [beds = 0, dischargesAMonth = 0, meanStayDays = 0, maleShare = 0, young = 0, median = 0, old = 0] = numbers.map(Number)
  const diagnoses = complaints.split(' · ').map((d) => [d.slice(0, d.indexOf(' ')), d.slice(d.indexOf(' ') + 1)] as const)
  return { code, name, beds, dischargesAMonth, meanStayDays, maleShare, age: [young, median, old], diagnoses }
}

export type Ward = { code: string; name: string; department: Department; beds: number; share: number }

const NUMERALS = ['一', '二', '三', '四', '五']
const BEDS_A_WARD = 48

/** Wards of at most 48 beds each, named by their department. */
export const wards: readonly Ward[] = departments.flatMap((department) => {
  const count = Math.ceil(department.beds / BEDS_A_WARD)
  return Array.from({ length: count }, (_, i) => ({
    code: `${department.code}W${i + 1}`,
    name: count === 1 ? `${department.name}病区` : `${department.name}${NUMERALS[i]}病区`,
    department,
    beds: Math.ceil(department.beds / count),
    share: 1 / count,
  }))
})

/** The ward that does clearly worse than the others, and the one that has turned round. */
export const WORSE_WARD = '骨科二病区'
export const MENDED_WARD = '泌尿外科一病区'
