import { analysis, choice, freeText, group, measures, notApplicable, option, questionnaire, type Said } from './build.ts'

const fivePoints = () => [
  option('5', ['很满意', 'Very satisfied'], 5),
  option('4', ['满意', 'Satisfied'], 4),
  option('3', ['一般', 'Neither'], 3),
  option('2', ['不满意', 'Dissatisfied'], 2),
  option('1', ['很不满意', 'Very dissatisfied'], 1),
  option('na', ['不适用', 'Does not apply'], undefined, notApplicable),
]

const aspect = (linkId: string, text: Said) => choice(linkId, text, fivePoints(), { required: true, extension: [measures('aspect')] })

/** The dimensions usually asked of in-patients, in words of our own: an example that a hospital edits, no official form. */
export const inpatientSatisfaction = questionnaire(
  'inpatient-satisfaction',
  ['住院患者满意度', 'In-patient satisfaction'],
  ['出院一个月内使用。五级评分，不适用不计入。', 'Within a month of discharge. Five points; what does not apply is not counted.'],
  [
    group(
      'talk',
      ['沟通', 'Being spoken with'],
      [
        aspect('doctor-talk', ['医生对病情和治疗的解释', 'How the doctors explained your illness and treatment']),
        aspect('nurse-talk', ['护士的讲解和态度', 'How the nurses explained things and treated you']),
      ],
    ),
    group(
      'care',
      ['照护', 'Care'],
      [
        aspect('response', ['需要帮助时，医护人员回应得是否及时', 'How soon somebody came when you needed help']),
        aspect('pain', ['疼痛的处理', 'How your pain was dealt with']),
        aspect('medicines', ['对用药的说明', 'How your medicines were explained']),
      ],
    ),
    group(
      'information',
      ['出入院', 'Coming and leaving'],
      [
        aspect('admission', ['入院手续和介绍', 'How you were admitted and shown round']),
        aspect('discharge', ['出院手续和出院后的指导', 'How you were discharged and told what to do at home']),
      ],
    ),
    group(
      'place',
      ['环境', 'The place'],
      [
        aspect('surroundings', ['病房的清洁和安静', 'Whether the ward was clean and quiet']),
        aspect('food', ['医院的膳食', 'The food']),
        aspect('relatives', ['对家属的接待和关心', 'How your family was treated']),
      ],
    ),
    choice('overall', ['对这次住院总的来说', 'All in all, this stay'], fivePoints(), {
      required: true,
      extension: [measures('satisfaction')],
    }),
    freeText('remarks', ['最满意的，或最希望改进的', 'What was best, or what should be better']),
  ],
  [
    analysis('总体满意度', 'distribution', 'overall'),
    analysis('各科室总体满意度', 'cross', 'overall', 'department'),
    analysis('不同年龄的总体评分', 'mean', 'overall', 'ageBand'),
    analysis('各病区的膳食评分', 'mean', 'food', 'ward'),
  ],
)
