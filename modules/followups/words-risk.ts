export const riskZh = {
  title: '随访顺序',
  rule: '队列按截止时间排。有下列情况的排到前面：“急”提前两天，“优先”提前一天，每多一条再提前一小时。人工加急的保持原级别。',
  alone: '哪个标签或人群表示“独居”',
  aloneHint: '医院系统一般没有这一项。可以建一个标签由护士标记，也可以用一个人群规则。',
  noGroup: '没有选择，不按独居排',
  kinds: { tag: '标签', segment: '人群' },
  saved: '已保存，正在重新排序',
  why: '排在前面的原因',
} as const

export const riskEn = {
  title: 'Order of the queue',
  rule: 'The queue goes by deadlines. With the following somebody stands before others: urgent by two days, high by one, each further reason by one hour more. What was hastened by hand keeps its priority.',
  alone: 'Which tag or group says “lives alone”',
  aloneHint: 'Hospital systems rarely know it. Make a tag for nurses to set, or a group with a rule.',
  noGroup: 'None: living alone does not count',
  kinds: { tag: 'tag', segment: 'group' },
  saved: 'Saved; the order is being reckoned anew',
  why: 'Why before others',
} as const
