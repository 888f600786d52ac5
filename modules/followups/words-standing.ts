/** How follow-up stands today: part of this module's words. */
export const standingZh = {
  title: '随访概况',
  help: '今天的随访做到哪里了：自己手里的、本科室或全院的。点任何一个数字查看对应的任务。科室和全院的数字每分钟更新。',
  own: '我的随访',
  scopes: { own: '我的随访', ward: '本病区', department: '本科室', hospital: '全院' },
  dueToday: '今日待办',
  overdue: '逾期',
  unclaimed: '待领取',
  doneToday: '今日已完成',
  byDepartment: '按科室',
  none: '还没有随访任务。',
  noDepartment: '未指定科室',
  reckonedAt: '更新于 {{time}}',
  onlyMine: '只看我的',
} as const

export const standingEn = {
  title: 'Follow-up today',
  help: 'How far today’s follow-up has come: what is in one’s own hands, and of the department or the hospital. Each figure opens its tasks. Those of the department and the hospital are reckoned each minute.',
  own: 'In my hands',
  scopes: { own: 'In my hands', ward: 'Ward', department: 'Department', hospital: 'Hospital' },
  dueToday: 'Due today',
  overdue: 'Overdue',
  unclaimed: 'To be taken',
  doneToday: 'Done today',
  byDepartment: 'By department',
  none: 'There are no tasks yet.',
  noDepartment: 'No department',
  reckonedAt: 'As of {{time}}',
  onlyMine: 'Mine alone',
} as const
