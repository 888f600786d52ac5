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

/** Modelled on published figures: 6,990 discharges a month, 1,855 beds, a mean stay of 6.9 days, bed use of 86 %. */
export const departments: readonly Department[] = [
  {
    code: '0301',
    name: '心血管内科',
    beds: 120,
    dischargesAMonth: 495,
    meanStayDays: 6.4,
    maleShare: 0.6,
    age: [46, 66, 82],
    diagnoses: [
      ['I20.000', '不稳定型心绞痛'],
      ['I21.401', '急性非ST段抬高型心肌梗死'],
      ['I10.x00', '原发性高血压'],
      ['I50.900', '心力衰竭'],
      ['I48.x00', '心房颤动'],
    ],
  },
  {
    code: '0302',
    name: '呼吸与危重症医学科',
    beds: 95,
    dischargesAMonth: 290,
    meanStayDays: 8.4,
    maleShare: 0.63,
    age: [42, 69, 84],
    diagnoses: [
      ['J44.100', '慢性阻塞性肺疾病急性加重'],
      ['J18.900', '肺炎'],
      ['J45.900', '支气管哮喘'],
      ['J84.100', '间质性肺病'],
    ],
  },
  {
    code: '0303',
    name: '消化内科',
    beds: 85,
    dischargesAMonth: 345,
    meanStayDays: 6.3,
    maleShare: 0.55,
    age: [34, 59, 78],
    diagnoses: [
      ['K29.500', '慢性胃炎'],
      ['K25.900', '胃溃疡'],
      ['K63.500', '结肠息肉'],
      ['K85.900', '急性胰腺炎'],
    ],
  },
  {
    code: '0304',
    name: '神经内科',
    beds: 100,
    dischargesAMonth: 310,
    meanStayDays: 8.6,
    maleShare: 0.57,
    age: [45, 67, 83],
    diagnoses: [
      ['I63.900', '脑梗死'],
      ['G40.900', '癫痫'],
      ['G20.x00', '帕金森病'],
      ['I67.900', '脑供血不足'],
    ],
  },
  {
    code: '0305',
    name: '肾内科',
    beds: 55,
    dischargesAMonth: 170,
    meanStayDays: 8.5,
    maleShare: 0.56,
    age: [32, 57, 76],
    diagnoses: [
      ['N18.000', '慢性肾脏病'],
      ['N04.900', '肾病综合征'],
      ['N17.900', '急性肾衰竭'],
    ],
  },
  {
    code: '0306',
    name: '内分泌代谢科',
    beds: 55,
    dischargesAMonth: 200,
    meanStayDays: 7.3,
    maleShare: 0.53,
    age: [35, 60, 77],
    diagnoses: [
      ['E11.900', '2型糖尿病'],
      ['E05.900', '甲状腺功能亢进'],
      ['E14.500', '糖尿病足'],
    ],
  },
  {
    code: '0307',
    name: '血液内科',
    beds: 50,
    dischargesAMonth: 140,
    meanStayDays: 9.6,
    maleShare: 0.54,
    age: [24, 55, 75],
    diagnoses: [
      ['C92.000', '急性髓系白血病'],
      ['D61.900', '再生障碍性贫血'],
      ['C83.300', '弥漫大B细胞淋巴瘤'],
    ],
  },
  {
    code: '0308',
    name: '风湿免疫科',
    beds: 35,
    dischargesAMonth: 110,
    meanStayDays: 7.6,
    maleShare: 0.28,
    age: [27, 51, 72],
    diagnoses: [
      ['M06.900', '类风湿关节炎'],
      ['M32.900', '系统性红斑狼疮'],
      ['M45.x00', '强直性脊柱炎'],
    ],
  },
  {
    code: '0309',
    name: '肿瘤科',
    beds: 140,
    dischargesAMonth: 590,
    meanStayDays: 6.2,
    maleShare: 0.56,
    age: [43, 61, 75],
    diagnoses: [
      ['C34.900', '肺恶性肿瘤'],
      ['C50.900', '乳腺恶性肿瘤'],
      ['C18.900', '结肠恶性肿瘤'],
      ['Z51.100', '恶性肿瘤化学治疗'],
    ],
  },
  {
    code: '0310',
    name: '老年医学科',
    beds: 45,
    dischargesAMonth: 95,
    meanStayDays: 12.5,
    maleShare: 0.58,
    age: [70, 81, 91],
    diagnoses: [
      ['I25.100', '冠状动脉粥样硬化性心脏病'],
      ['J18.900', '肺炎'],
      ['F03.x00', '老年痴呆'],
    ],
  },
  {
    code: '0311',
    name: '感染性疾病科',
    beds: 45,
    dischargesAMonth: 135,
    meanStayDays: 9.0,
    maleShare: 0.6,
    age: [24, 50, 74],
    diagnoses: [
      ['B18.100', '慢性乙型病毒性肝炎'],
      ['K74.600', '肝硬化'],
      ['A41.900', '脓毒症'],
    ],
  },
  {
    code: '0312',
    name: '普外科',
    beds: 165,
    dischargesAMonth: 610,
    meanStayDays: 7.2,
    maleShare: 0.5,
    age: [33, 57, 75],
    diagnoses: [
      ['K80.200', '胆囊结石'],
      ['K35.900', '急性阑尾炎'],
      ['K40.900', '腹股沟疝'],
      ['C73.x00', '甲状腺恶性肿瘤'],
    ],
  },
  {
    code: '0313',
    name: '骨科',
    beds: 120,
    dischargesAMonth: 380,
    meanStayDays: 8.3,
    maleShare: 0.51,
    age: [25, 57, 78],
    diagnoses: [
      ['S72.000', '股骨颈骨折'],
      ['M17.900', '膝关节骨性关节炎'],
      ['M51.200', '腰椎间盘突出'],
      ['S82.200', '胫骨骨折'],
    ],
  },
  {
    code: '0314',
    name: '神经外科',
    beds: 65,
    dischargesAMonth: 140,
    meanStayDays: 12.0,
    maleShare: 0.58,
    age: [32, 57, 75],
    diagnoses: [
      ['I61.900', '脑出血'],
      ['S06.500', '硬膜下血肿'],
      ['D32.900', '脑膜瘤'],
    ],
  },
  {
    code: '0315',
    name: '心胸外科',
    beds: 55,
    dischargesAMonth: 160,
    meanStayDays: 9.0,
    maleShare: 0.57,
    age: [36, 60, 74],
    diagnoses: [
      ['C34.900', '肺恶性肿瘤'],
      ['J93.900', '气胸'],
      ['I35.000', '主动脉瓣狭窄'],
    ],
  },
  {
    code: '0316',
    name: '泌尿外科',
    beds: 60,
    dischargesAMonth: 255,
    meanStayDays: 6.2,
    maleShare: 0.74,
    age: [35, 60, 77],
    diagnoses: [
      ['N20.100', '输尿管结石'],
      ['N40.x00', '前列腺增生'],
      ['C67.900', '膀胱恶性肿瘤'],
    ],
  },
  {
    code: '0317',
    name: '烧伤整形科',
    beds: 25,
    dischargesAMonth: 65,
    meanStayDays: 9.5,
    maleShare: 0.6,
    age: [8, 40, 65],
    diagnoses: [
      ['T30.000', '烧伤'],
      ['L91.000', '瘢痕'],
    ],
  },
  {
    code: '0318',
    name: '妇科',
    beds: 70,
    dischargesAMonth: 325,
    meanStayDays: 5.6,
    maleShare: 0.0,
    age: [27, 45, 65],
    diagnoses: [
      ['D25.900', '子宫平滑肌瘤'],
      ['N80.900', '子宫内膜异位症'],
      ['D27.x00', '卵巢囊肿'],
    ],
  },
  {
    code: '0319',
    name: '产科',
    beds: 85,
    dischargesAMonth: 500,
    meanStayDays: 4.4,
    maleShare: 0.0,
    age: [25, 31, 38],
    diagnoses: [
      ['O80.000', '头位顺产'],
      ['O82.000', '剖宫产'],
      ['O24.400', '妊娠期糖尿病'],
    ],
  },
  {
    code: '0320',
    name: '新生儿科',
    beds: 55,
    dischargesAMonth: 195,
    meanStayDays: 7.5,
    maleShare: 0.55,
    age: [0, 0, 0],
    diagnoses: [
      ['P59.900', '新生儿黄疸'],
      ['P07.300', '早产儿'],
      ['P23.900', '新生儿肺炎'],
    ],
  },
  {
    code: '0321',
    name: '儿科',
    beds: 70,
    dischargesAMonth: 325,
    meanStayDays: 5.6,
    maleShare: 0.57,
    age: [0, 4, 11],
    diagnoses: [
      ['J18.000', '支气管肺炎'],
      ['J21.900', '急性毛细支气管炎'],
      ['A08.000', '轮状病毒性肠炎'],
    ],
  },
  {
    code: '0322',
    name: '眼科',
    beds: 45,
    dischargesAMonth: 390,
    meanStayDays: 3.1,
    maleShare: 0.47,
    age: [25, 66, 81],
    diagnoses: [
      ['H25.900', '年龄相关性白内障'],
      ['H40.900', '青光眼'],
      ['H33.000', '视网膜脱离'],
    ],
  },
  {
    code: '0323',
    name: '耳鼻咽喉头颈外科',
    beds: 40,
    dischargesAMonth: 210,
    meanStayDays: 5.2,
    maleShare: 0.57,
    age: [8, 45, 68],
    diagnoses: [
      ['J32.900', '慢性鼻窦炎'],
      ['J35.000', '慢性扁桃体炎'],
      ['H91.200', '突发性耳聋'],
    ],
  },
  {
    code: '0324',
    name: '口腔颌面外科',
    beds: 20,
    dischargesAMonth: 80,
    meanStayDays: 6.0,
    maleShare: 0.55,
    age: [12, 42, 68],
    diagnoses: [
      ['K01.100', '阻生牙'],
      ['S02.600', '下颌骨骨折'],
    ],
  },
  {
    code: '0325',
    name: '皮肤科',
    beds: 15,
    dischargesAMonth: 50,
    meanStayDays: 7.5,
    maleShare: 0.52,
    age: [22, 52, 76],
    diagnoses: [
      ['L40.900', '银屑病'],
      ['B02.900', '带状疱疹'],
    ],
  },
  {
    code: '0326',
    name: '中医科',
    beds: 35,
    dischargesAMonth: 85,
    meanStayDays: 10.0,
    maleShare: 0.45,
    age: [40, 62, 80],
    diagnoses: [
      ['I69.300', '脑梗死后遗症'],
      ['M54.500', '腰痛'],
      ['K30.x00', '功能性消化不良'],
    ],
  },
  {
    code: '0327',
    name: '康复医学科',
    beds: 35,
    dischargesAMonth: 60,
    meanStayDays: 16.0,
    maleShare: 0.6,
    age: [38, 63, 80],
    diagnoses: [
      ['I69.300', '脑梗死后遗症'],
      ['S14.100', '颈髓损伤'],
    ],
  },
  {
    code: '0328',
    name: '急诊病房',
    beds: 35,
    dischargesAMonth: 155,
    meanStayDays: 5.5,
    maleShare: 0.6,
    age: [30, 62, 83],
    diagnoses: [
      ['T65.900', '中毒'],
      ['R57.900', '休克'],
      ['S09.900', '头部损伤'],
    ],
  },
  {
    code: '0329',
    name: '重症医学科',
    beds: 35,
    dischargesAMonth: 125,
    meanStayDays: 7.8,
    maleShare: 0.62,
    age: [38, 66, 84],
    diagnoses: [
      ['J96.000', '急性呼吸衰竭'],
      ['A41.900', '脓毒症'],
      ['R57.200', '感染性休克'],
    ],
  },
]

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
