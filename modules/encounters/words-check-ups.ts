/** What the pages say of check-ups; a part of `words`. */
export const checkUpsZh = {
  title: '体检',
  one: '体检记录',
  empty: '还没有体检记录。体检系统的消息到达后会自动出现。',
  conclusion: '总检结论',
  noConclusion: '体检系统还没有传来总检结论。',
  findings: '检查结论',
  abnormal: '异常项目',
  allNormal: '{{n}} 项检验都在参考范围内。',
  noItems: '还没有检验结果。',
  abnormalOf: '{{n}} 项检验，其中 {{abnormal}} 项异常',
  before: '上次体检',
  first: '首次',
  open: '查看全部结果',
} as const

export const checkUpsEn = {
  title: 'Check-ups',
  one: 'Check-up',
  empty: 'No check-up yet. It appears when the check-up system tells of one.',
  conclusion: 'Conclusion',
  noConclusion: 'The check-up system has not sent a conclusion yet.',
  findings: 'Examinations',
  abnormal: 'Outside the limits',
  allNormal: 'All {{n}} values are within their limits.',
  noItems: 'No results yet.',
  abnormalOf: '{{n}} values, {{abnormal}} of them outside the limits',
  before: 'The check-up before',
  first: 'first time',
  open: 'All results',
} as const
