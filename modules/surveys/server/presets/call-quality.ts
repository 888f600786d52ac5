import { choice, freeText, notApplicable, option, questionnaire, type Said } from './build.ts'

const judged = (linkId: string, text: Said) =>
  choice(linkId, text, [
    option('good', ['做到', 'Done'], 2),
    option('partly', ['部分做到', 'In part'], 1),
    option('not', ['没有做到', 'Not done'], 0),
    option('na', ['不适用', 'Does not apply'], undefined, notApplicable),
  ])

/** How a call was led, as whoever supervises heard it. In words of our own, a hospital edits them; the score is of what applied. */
export const callQuality = questionnaire(
  'call-quality',
  ['通话质检', 'Quality of a call'],
  ['由督导人员听录音或查看记录后填写。', 'Filled in by who supervises, after listening or reading.'],
  [
    judged('opening', ['开场说明了医院、姓名和来意', 'Opened with hospital, name and purpose']),
    judged('identity', ['核对了患者身份', 'Made sure who the patient is']),
    judged('manner', ['语气平和，有耐心，没有打断', 'Calm and patient, without interrupting']),
    judged('neutral', ['逐题询问，没有诱导或代答', 'Asked each question, led to no answer and gave none for the patient']),
    judged('record', ['记录与患者所说一致、完整', 'What is recorded is what was said, and complete']),
    judged('concern', ['听到异常情况，按要求告知和上报', 'Told and passed on whatever was out of the ordinary']),
    judged('closing', ['结束前询问了还有什么需要，并致谢', 'Asked at the end for anything else, and thanked']),
    freeText('remarks', ['意见和建议', 'Remarks and advice']),
  ],
)
