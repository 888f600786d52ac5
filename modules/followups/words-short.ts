/** What fits into a few minutes: part of this module's words. */
export const shortZh = {
  open: '我有十分钟',
  title: '{{n}} 分钟能打的电话',
  minutes: '有多少分钟',
  choice: '{{n}} 分钟',
  total: '{{n}} 个电话，约 {{minutes}} 分钟',
  takes: '约 {{n}} 分钟',
  takesOfAll: '约 {{n}} 分钟（按全部电话估计）',
  none: '现在没有这个时间内能打完的电话。可以多选几分钟。',
  unknown: '接通的电话还不到 {{n}} 个，估计不出要多久。',
  close: '回到队列',
} as const

export const shortEn = {
  open: 'I have ten minutes',
  title: 'Calls for {{n}} minutes',
  minutes: 'How many minutes',
  choice: '{{n}} min',
  total: '{{n}} calls, about {{minutes}} minutes',
  takes: 'about {{n}} min',
  takesOfAll: 'about {{n}} min (by all calls)',
  none: 'No call that is due now fits into this time. Choose more minutes.',
  unknown: 'Fewer than {{n}} calls took place, so it is not known how long one takes.',
  close: 'Back to the queue',
} as const
