import { analysis, choice, emergencyWords, freeText, option, questionnaire, when } from './build.ts'

/** After discharge: ten questions a nurse asks by telephone, each answered by one key; two more where something is amiss. */
export const recovery = questionnaire(
  'recovery',
  ['出院后恢复情况随访', 'Recovery after discharge'],
  ['出院后电话随访使用，由护士询问并记录。', 'For the call after discharge; a nurse asks and writes down.'],
  [
    choice(
      'recovery',
      ['出院以后，总的来说恢复得怎么样？', 'All in all, how have you recovered since you went home?'],
      [
        option('very-good', ['很好', 'Very well'], 5),
        option('good', ['较好', 'Well'], 4),
        option('fair', ['一般', 'So-so'], 3),
        option('poor', ['较差', 'Badly'], 2),
        option('very-poor', ['很差', 'Very badly'], 1),
      ],
    ),
    choice(
      'pain',
      ['现在还疼吗？', 'Do you still have pain?'],
      [
        option('none', ['不疼', 'None']),
        option('mild', ['轻微，不影响休息', 'A little; I can rest']),
        option('marked', ['明显，影响休息', 'A good deal; it disturbs my rest']),
        option('unbearable', ['难以忍受', 'More than I can bear']),
      ],
    ),
    choice(
      'fever',
      ['出院以后发过热吗？', 'Have you had a fever since you went home?'],
      [
        option('none', ['没有', 'No']),
        option('past', ['有过，已经退了', 'Yes, it is over']),
        option('present', ['现在还在发热', 'Yes, I have one now']),
      ],
    ),
    choice(
      'wound',
      ['伤口情况怎么样？', 'How is the wound?'],
      [
        option('no-wound', ['没有伤口', 'I have none']),
        option('healing', ['愈合良好', 'It is healing well']),
        option('inflamed', ['红肿或渗液', 'Red, swollen or weeping']),
        option('open', ['裂开或流脓', 'Open or festering']),
      ],
    ),
    choice(
      'medication',
      ['出院带的药，是按医嘱服用的吗？', 'Do you take the medicines as you were told?'],
      [
        option('as-told', ['按时按量', 'Yes, always']),
        option('missed', ['偶尔漏服', 'I miss one now and then']),
        option('changed', ['自行停药或改量', 'I stopped or changed them myself']),
        option('no-medicine', ['没有带药', 'I was given none']),
      ],
    ),
    choice(
      'medication-reason',
      ['没有按医嘱服药的原因是？（可多选）', 'Why not as you were told? (any number)'],
      [
        option('forgot', ['忘记了', 'I forget']),
        option('side-effects', ['吃了不舒服', 'They do not agree with me']),
        option('better', ['觉得好了', 'I feel well without']),
        option('unclear', ['不清楚怎么吃', 'I do not know how to take them']),
        option('cost', ['费用或买不到', 'The cost, or I cannot get them']),
      ],
      {
        repeats: true,
        enableWhen: [when('medication', '=', 'missed'), when('medication', '=', 'changed')],
        enableBehavior: 'any',
      },
    ),
    choice(
      'eating-sleep',
      ['饮食和睡眠怎么样？', 'How do you eat and sleep?'],
      [
        option('well', ['都正常', 'Both well']),
        option('less', ['比平时差一些', 'Less well than usual']),
        option('badly', ['很差', 'Badly']),
      ],
    ),
    choice(
      'self-care',
      ['吃饭、洗漱、走动，需要别人帮忙吗？', 'Do you need help with eating, washing or walking?'],
      [option('none', ['完全自理', 'None']), option('some', ['部分需要帮助', 'Some']), option('all', ['完全需要帮助', 'With everything'])],
    ),
    choice(
      'revisit',
      ['什么时候、到哪里复查，清楚吗？', 'Do you know when and where to come for your check-up?'],
      [
        option('arranged', ['清楚，已经约好', 'Yes, it is arranged']),
        option('known', ['清楚，还没有约', 'Yes, it is not arranged yet']),
        option('unknown', ['不清楚', 'No']),
        option('not-needed', ['不需要复查', 'I need none']),
      ],
    ),
    choice(
      'guidance',
      ['出院时医护人员讲的注意事项，都听明白了吗？', 'Did you understand what you were told when you left?'],
      [
        option('all', ['都明白', 'All of it']),
        option('partly', ['一部分', 'Some of it']),
        option('not', ['没听明白', 'Not really']),
        option('not-told', ['没有人讲过', 'Nobody told me']),
      ],
    ),
    choice(
      'discomfort',
      ['有没有新的不舒服？', 'Is anything new troubling you?'],
      [option('no', ['没有', 'No']), option('yes', ['有', 'Yes'])],
    ),
    freeText('discomfort-text', ['请说说哪里不舒服，从什么时候开始。', 'What is it, and since when?'], {
      required: true,
      enableWhen: [when('discomfort', '=', 'yes')],
    }),
  ],
  [
    emergencyWords('discomfort-text'),
    analysis('出院后的恢复', 'distribution', 'recovery'),
    analysis('各科室按医嘱服药的情况', 'cross', 'medication', 'department'),
    analysis('不同年龄的自理能力', 'cross', 'self-care', 'ageBand'),
    analysis('复查是否清楚与出院指导', 'cross', 'revisit', 'question:guidance'),
  ],
)
