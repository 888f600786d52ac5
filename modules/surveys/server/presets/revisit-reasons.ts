import { choice, freeText, option, questionnaire, when } from './build.ts'

/** Of whoever was not seen again within a month: why, and whether something can be done. In words of our own, a hospital edits them. */
export const revisitReasons = questionnaire(
  'revisit-reasons',
  ['未复诊原因', 'Why not seen again'],
  ['出院或就诊满一个月没有回来复诊的人，电话随访使用。', 'For the call to those who were not seen again within a month.'],
  [
    choice(
      'reason',
      ['这一个月没有来复诊，主要是什么原因？', 'You have not been back this month. What is the main reason?'],
      [
        option('elsewhere', ['在其他医院复诊了', 'I was seen in another hospital']),
        option('community', ['在社区或基层医院复诊了', 'I was seen in the community']),
        option('well', ['觉得好了，没有必要', 'I feel well and need not come']),
        option('not-told', ['不知道要复诊', 'I did not know that I should']),
        option('no-booking', ['约不上号', 'I could not get an appointment']),
        option('far', ['路远，或没有人陪', 'It is far, or nobody can come with me']),
        option('cost', ['费用', 'The cost']),
        option('too-ill', ['行动不便，来不了', 'I am not able to come']),
        option('dissatisfied', ['对上次就诊不满意', 'I was not satisfied the last time']),
        option('busy', ['没有时间，或忘记了', 'I had no time, or forgot']),
        option('other', ['其他', 'Something else']),
      ],
    ),
    freeText('reason-text', ['请说说具体情况。', 'Please say more about it.'], {
      required: true,
      enableWhen: [when('reason', '=', 'dissatisfied'), when('reason', '=', 'other')],
      enableBehavior: 'any',
    }),
    choice(
      'wants-booking',
      ['需要我们帮您预约复诊吗？', 'Shall we make an appointment for you?'],
      [option('yes', ['需要', 'Yes']), option('own', ['自己预约', 'I do it myself']), option('no', ['不需要', 'No'])],
    ),
    freeText('remarks', ['还有什么要转告医生的？', 'Is there anything to tell your doctor?']),
  ],
)
