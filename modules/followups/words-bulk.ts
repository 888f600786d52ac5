export const bulkZh = {
  byFilter: '按筛选分配',
  title: '把当前筛选出的 {{n}} 项分配出去',
  verb: '分配 {{n}} 项',
  onlyFirst: '筛选出的超过 {{most}} 项，这次只分配截止时间最早的 {{most}} 项。',
  nothing: '当前筛选没有任务可以分配。',
  how: '分给几个人时，按每人手上未完成的任务数平均。正在通话的不动。一天内可以撤销还没有开始的。',
  begun: '已开始分配',
  running: '正在分配给{{names}}：{{done}} / {{total}} 项',
  done: '已分配 {{given}} 项给{{names}}',
  passed: '{{n}} 项已结束或正在通话，没有分配',
  undo: '撤销这次分配',
  undoing: '正在撤销：{{done}} / {{total}} 项',
  undone: '已撤销 {{n}} 项',
  kept: '{{n}} 项已经开始或另有安排，没有撤销',
  undoUntil: '{{when}} 前可以撤销',
  progress: '批量分配',
} as const

export const bulkErrorsZh = {
  bulkNotFound: '没有找到这次分配，可能是别人做的。',
  bulkNothing: '当前筛选没有任务可以分配。请换一个筛选条件。',
  bulkTooLate: '超过一天，不能整批撤销了。可以勾选任务重新分配。',
  bulkUndone: '这次分配已经撤销过了。',
} as const

export const bulkEn = {
  byFilter: 'Assign what is shown',
  title: 'Assign the {{n}} tasks that the filter shows',
  verb: 'Assign {{n}}',
  onlyFirst: 'The filter shows more than {{most}}; the {{most}} with the earliest deadlines are assigned now.',
  nothing: 'The filter shows nothing that could be assigned.',
  how: 'Among several they are shared evenly by what each has open. Who is in a call is not disturbed. For a day, what nobody has begun can be taken back.',
  begun: 'Assigning has begun',
  running: 'Assigning to {{names}}: {{done}} of {{total}}',
  done: '{{given}} assigned to {{names}}',
  passed: '{{n}} closed or in a call, not assigned',
  undo: 'Take this back',
  undoing: 'Taking back: {{done}} of {{total}}',
  undone: '{{n}} taken back',
  kept: '{{n}} begun or given to somebody else, not taken back',
  undoUntil: 'can be taken back until {{when}}',
  progress: 'Bulk assignment',
} as const

export const bulkErrorsEn = {
  bulkNotFound: 'This assignment was not found; it may be somebody else’s.',
  bulkNothing: 'The filter shows nothing that could be assigned. Choose another.',
  bulkTooLate: 'It is more than a day ago, so it cannot be taken back as a whole. Choose tasks and assign them again.',
  bulkUndone: 'This assignment was taken back already.',
} as const
