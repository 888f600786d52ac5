/** Who does what is to be done: part of this module's words. */
export const workZh = {
  today: '今天 {{n}} 项',
  overdue: '逾期 {{n}} 项',
  proposed: '建议：{{name}}，手里最少（{{load}}）。选多人时按手里的任务多少平均分配。',
  howMany: '领取几项',
} as const

export const workEn = {
  today: 'today {{n}}',
  overdue: 'overdue {{n}}',
  proposed: 'Proposed: {{name}}, who has the least in hand ({{load}}). Several people get even shares.',
  howMany: 'How many to take',
} as const
