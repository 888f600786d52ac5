/** Whom to ring next, and who answered: part of this module's words. */
export const reachZh = {
  next: '今天前面的号码没打通，接着打这个。',
  answered: '以前打这个号码接通过 {{answered}} 次（共打 {{tries}} 次）。',
  preferred: '患者希望打这个号码。',
  fresh: '前面的号码打了几次都没接通，换这个。',
  only: '只有这一个号码可以打。',
  again: '今天都打过了，没有接通。可以换个时间再打。',
  first: '先打本人，再打第二个号码、家属、固定电话。',
  propose: '建议打：{{relation}} {{masked}}。{{why}}',
  hourAnswered: '多在 {{hour}} 点到 {{next}} 点接通（{{answered}}/{{tries}} 次）。',
  hourUntried: '已打 {{tries}} 次没接通，换个时间：{{hour}} 点。',
  fared: '接通 {{answered}}/{{tries}}',
  whoAnswered: '谁接听',
  calledToday: '{{name}} 今天 {{time}} 已经给这位患者打过电话。同一天只由一个人联系，明天可以再拨，或请 {{name}} 继续。',
} as const

export const reachErrorsZh = {
  calledByOther: '{{byName}} 今天已经给这位患者打过电话，没有拨打。同一天只由一个人联系，明天可以再拨。',
} as const

export const reachEn = {
  next: 'The numbers before it were not answered today.',
  answered: 'Answered {{answered}} times before, of {{tries}} tries.',
  preferred: 'The patient prefers this number.',
  fresh: 'The numbers before it were never answered.',
  only: 'It is the only number left.',
  again: 'All were tried today and not answered. Another hour may do.',
  first: 'The patient first, then the second number, a relative, the landline.',
  propose: 'Ring {{relation}} {{masked}} next. {{why}}',
  hourAnswered: 'Mostly answered between {{hour}} and {{next}} o’clock ({{answered}} of {{tries}}).',
  hourUntried: 'Not answered {{tries}} times; try another hour: {{hour}} o’clock.',
  fared: 'answered {{answered}}/{{tries}}',
  whoAnswered: 'Who answered',
  calledToday: '{{name}} called this patient at {{time}} today. On one day one person calls: try tomorrow, or ask {{name}} to go on.',
} as const

export const reachErrorsEn = {
  calledByOther: '{{byName}} has called this patient today, so nothing was dialled. On one day one person calls; tomorrow you may.',
} as const
