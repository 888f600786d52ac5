import { addMonths, daysBetween, type LocalDate } from '@renxin/kernel'
import { MENDED_WARD, WORSE_WARD } from './departments.ts'
import type { Random } from './random.ts'

type Answers = Record<string, (string | number)[]>

/** How much worse than the hospital a ward does, from 0 (as the rest) to 1; half a year ago the mended one was as bad as the worse one is. */
export function troubleOf(ward: string | null, on: LocalDate, today: LocalDate): number {
  const since = daysBetween(addMonths(today, -6), on) / 182
  if (ward === WORSE_WARD) return 0.75 + 0.25 * since
  if (ward === MENDED_WARD) return Math.max(0, 0.9 - 1.1 * since)
  return 0
}

/** 5: 68 %, 4: 24 %, 3: 6 %, 2: 1.4 %, 1: 0.6 % in a ward like the others. */
function fivePoints(random: Random, trouble: number, hardness = 0): string {
  const t = Math.min(1, trouble + hardness)
  return random.weighted([
    ['5', 68 - 38 * t],
    ['4', 24 - 4 * t],
    ['3', 6 + 14 * t],
    ['2', 1.4 + 18 * t],
    ['1', 0.6 + 10 * t],
  ])
}

const ASPECTS = [
  'doctor-talk',
  'nurse-talk',
  'response',
  'pain',
  'medicines',
  'admission',
  'discharge',
  'surroundings',
  'food',
  'relatives',
]
const HARD: Record<string, number> = { food: 0.3, pain: 0.08, discharge: 0.05, surroundings: 0.12 }
const PRAISE = ['护士长很负责，每天都来问。', '医生讲得很清楚。', '护士打针技术好，态度也好。', '整个病区都很好，谢谢。']
const WISHES = [
  '饭菜有点凉，希望改进。',
  '办出院等了两个多小时。',
  '晚上走廊有点吵。',
  '费用清单看不太懂。',
  '换药的时候没有人解释。',
  '停车太难了。',
]

export function satisfactionAnswers(random: Random, trouble: number): Answers {
  const answers: Answers = {}
  for (const aspect of ASPECTS) answers[aspect] = [random.chance(0.04) ? 'na' : fivePoints(random, trouble, HARD[aspect] ?? 0)]
  const overall = fivePoints(random, trouble)
  answers.overall = [overall]
  if (random.chance(0.2)) answers.remarks = [random.pick(Number(overall) >= 4 && random.chance(0.6) ? PRAISE : WISHES)]
  return answers
}

export function npsAnswers(random: Random, trouble: number): Answers {
  const score = random.weighted([
    [10, 42 - 30 * trouble],
    [9, 22 - 14 * trouble],
    [8, 16],
    [7, 9 + 4 * trouble],
    [6, 4 + 12 * trouble],
    [5, 4 + 14 * trouble],
    [3, 2 + 10 * trouble],
    [0, 1 + 6 * trouble],
  ] as const)
  return { nps: [score] }
}

export function recoveryAnswers(random: Random): Answers {
  const one = (...shares: (readonly [string, number])[]) => [random.weighted(shares)]
  const medication = one(['as-told', 80], ['missed', 11], ['changed', 4], ['no-medicine', 5])
  const discomfort = one(['no', 88], ['yes', 12])
  return {
    recovery: one(['very-good', 32], ['good', 44], ['fair', 18], ['poor', 5], ['very-poor', 1]),
    pain: one(['none', 62], ['mild', 31], ['marked', 6], ['unbearable', 1]),
    fever: one(['none', 93], ['past', 5], ['present', 2]),
    wound: one(['no-wound', 55], ['healing', 41], ['inflamed', 3.4], ['open', 0.6]),
    medication,
    ...(medication[0] === 'missed' || medication[0] === 'changed'
      ? { 'medication-reason': one(['forgot', 45], ['side-effects', 20], ['better', 20], ['unclear', 10], ['cost', 5]) }
      : {}),
    'eating-sleep': one(['well', 74], ['less', 22], ['badly', 4]),
    'self-care': one(['none', 76], ['some', 19], ['all', 5]),
    revisit: one(['arranged', 38], ['known', 42], ['unknown', 12], ['not-needed', 8]),
    guidance: one(['all', 78], ['partly', 17], ['not', 3], ['not-told', 2]),
    discomfort,
    ...(discomfort[0] === 'yes'
      ? { 'discomfort-text': [random.pick(['走路多了腿肿。', '夜里咳嗽，有点气短。', '伤口附近发痒。', '吃药以后胃不舒服。'])] }
      : {}),
  }
}
