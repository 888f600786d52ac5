import { choice, freeText, measures, notApplicable, option, questionnaire, type Said, when } from './build.ts'

const fivePoints = () => [
  option('5', ['很满意', 'Very satisfied'], 5),
  option('4', ['满意', 'Satisfied'], 4),
  option('3', ['一般', 'Neither'], 3),
  option('2', ['不满意', 'Dissatisfied'], 2),
  option('1', ['很不满意', 'Very dissatisfied'], 1),
  option('na', ['不适用', 'Does not apply'], undefined, notApplicable),
]

const aspect = (linkId: string, text: Said) => choice(linkId, text, fivePoints(), { required: true, extension: [measures('aspect')] })

/**
 * What the centre asks at level 3 of the three-level scheme: satisfaction with the stay and with what levels 1 and 2 did; charges, medicines, attitude; praise and
 * complaints. In words of our own.
 */
export const levelThree = questionnaire(
  'level-three',
  ['三级随访：质量与随访满意度', 'Level 3: quality, and the follow-up itself'],
  ['随访中心出院一个月内使用，核对科室随访是否做到，并了解质量、态度、收费和用药。', 'For the centre, within a month of discharge.'],
  [
    aspect('quality', ['这次住院的医疗质量和治疗效果', 'The quality of your treatment, and what came of it']),
    aspect('doctor-attitude', ['医生的态度', 'How the doctors treated you']),
    aspect('nurse-attitude', ['护士的态度', 'How the nurses treated you']),
    aspect('charges', ['收费是否清楚、合理', 'Whether the charges were clear and fair']),
    aspect('medication', ['用药是否合理、讲得清楚', 'Whether your medicines were right and explained']),
    choice(
      'was-followed-up',
      ['出院以后，科室的医生或护士联系过您吗？', 'Has a doctor or nurse of the department been in touch since you went home?'],
      [option('yes', ['联系过', 'Yes']), option('no', ['没有', 'No']), option('unsure', ['记不清', 'I do not remember'])],
    ),
    choice('followup', ['对科室的随访', 'How satisfied are you with that follow-up?'], fivePoints(), {
      required: true,
      extension: [measures('aspect')],
      enableWhen: [when('was-followed-up', '=', 'yes')],
    }),
    choice(
      'was-useful',
      ['随访对您的恢复有帮助吗？', 'Did it help you recover?'],
      [option('much', ['很有帮助', 'Much']), option('some', ['有一些', 'Some']), option('none', ['没有', 'Not at all'])],
      { required: true, enableWhen: [when('was-followed-up', '=', 'yes')] },
    ),
    choice('overall', ['对这次住院总的来说', 'All in all, this stay'], fivePoints(), {
      required: true,
      extension: [measures('satisfaction')],
    }),
    freeText('praise', ['想表扬谁，或感谢什么？', 'Whom or what would you praise?']),
    freeText('complaint', ['有什么意见或建议？', 'What should be better?']),
  ],
)
