import { daysBetween, type LocalDate } from '@renxin/kernel'

/** What is compared of two files. Documents and numbers come as their blind indexes. */
export type Compared = {
  id: string
  name: string
  namePinyin: string
  sex: string
  birthOn: LocalDate | null
  identityCard: string | null
  /** Own numbers, and those of the family. */
  phones: readonly string[]
  familyPhones: readonly string[]
  district: string | null
}

export const likenessKinds = [
  'sameIdentityCard',
  'otherIdentityCard',
  'sameName',
  'samePinyin',
  'oneCharacter',
  'otherName',
  'sameBirth',
  'dayAndMonth',
  'yearBeside',
  'otherBirth',
  'otherSex',
  'samePhone',
  'familyPhone',
  'sameDistrict',
  'oneMessage',
  'twins',
  'motherAndChild',
] as const
export type LikenessKind = (typeof likenessKinds)[number]
export type Likeness = { kind: LikenessKind; points: number }

/** From here on a pair is worth somebody's look. */
export const WORTH_A_LOOK = 50

const points: Record<LikenessKind, number> = {
  sameIdentityCard: 60,
  otherIdentityCard: -60,
  sameName: 30,
  samePinyin: 20,
  oneCharacter: 12,
  otherName: -30,
  sameBirth: 25,
  dayAndMonth: 15,
  yearBeside: 12,
  otherBirth: -30,
  otherSex: -25,
  samePhone: 20,
  familyPhone: 8,
  sameDistrict: 5,
  oneMessage: 25,
  twins: -60,
  motherAndChild: -80,
}

/**
 * How much speaks for two files being of one person, and why, the heaviest first. What is not known on one side speaks neither way. Twins and a mother with
 * her newborn are alike by nature, and held down for it.
 */
export function likenessOf(a: Compared, b: Compared, isOfOneMessage: boolean): { score: number; reasons: Likeness[] } {
  const kinds: (LikenessKind | null)[] = [
    ofIdentityCard(a, b),
    ofName(a, b),
    ofBirth(a, b),
    a.sex !== b.sex && isSaid(a.sex) && isSaid(b.sex) ? 'otherSex' : null,
    ofPhone(a, b),
    a.district !== null && a.district === b.district ? 'sameDistrict' : null,
    isOfOneMessage ? 'oneMessage' : null,
    areTwins(a, b) ? 'twins' : null,
    areMotherAndChild(a, b) ? 'motherAndChild' : null,
  ]
  const reasons = kinds.flatMap((kind) => (kind ? [{ kind, points: points[kind] }] : []))
  const sum = reasons.reduce((all, r) => all + r.points, 0)
  return { score: Math.min(100, Math.max(0, sum)), reasons: reasons.sort((x, y) => Math.abs(y.points) - Math.abs(x.points)) }
}

const isSaid = (sex: string) => sex === 'male' || sex === 'female'

const ofIdentityCard = (a: Compared, b: Compared) =>
  a.identityCard && b.identityCard ? (a.identityCard === b.identityCard ? 'sameIdentityCard' : 'otherIdentityCard') : null

function ofName(a: Compared, b: Compared): LikenessKind | null {
  if (a.name === '' || b.name === '') return null
  if (a.name === b.name) return 'sameName'
  if (a.namePinyin !== '' && a.namePinyin === b.namePinyin) return 'samePinyin'
  return differsByOne(a.name, b.name) ? 'oneCharacter' : 'otherName'
}

/** One character is another, is missing or is too much. */
export function differsByOne(a: string, b: string): boolean {
  const [long, short] = [Array.from(a), Array.from(b)].sort((x, y) => y.length - x.length)
  if (!long || !short || long.length < 2 || long.length - short.length > 1) return false
  if (long.length === short.length) return long.filter((c, i) => c !== short[i]).length === 1
  return long.some((_, i) => long.toSpliced(i, 1).join('') === short.join(''))
}

function ofBirth({ birthOn: a }: Compared, { birthOn: b }: Compared): LikenessKind | null {
  if (!a || !b) return null
  if (a === b) return 'sameBirth'
  const [[ay, am, ad], [by, bm, bd]] = [a.split('-'), b.split('-')]
  if (ay === by && am === bd && ad === bm) return 'dayAndMonth'
  return am === bm && ad === bd && Math.abs(Number(ay) - Number(by)) === 1 ? 'yearBeside' : 'otherBirth'
}

function ofPhone(a: Compared, b: Compared): LikenessKind | null {
  if (a.phones.some((p) => b.phones.includes(p))) return 'samePhone'
  const isOfFamily = a.phones.some((p) => b.familyPhones.includes(p)) || b.phones.some((p) => a.familyPhones.includes(p))
  return isOfFamily || a.familyPhones.some((p) => b.familyPhones.includes(p)) ? 'familyPhone' : null
}

/** 之子, 之女, 大双, 小双, 长子…: how a newborn is entered until it has a name. */
const newborn = /之[子女大小]|[大小][双]|双[大小]|毛毛$|宝宝$|新生儿/u

const hasDifferentName = (a: Compared, b: Compared) => a.name !== '' && b.name !== '' && a.name !== b.name && a.namePinyin !== b.namePinyin

/** Born on one day, of one family, and called otherwise. */
function areTwins(a: Compared, b: Compared): boolean {
  if (!a.birthOn || a.birthOn !== b.birthOn || !hasDifferentName(a, b)) return false
  if (a.identityCard && a.identityCard === b.identityCard) return false
  const surname = (name: string) => Array.from(name)[0]
  return surname(a.name) === surname(b.name) && (ofPhone(a, b) !== null || newborn.test(a.name) || newborn.test(b.name))
}

const CHILDBEARING_DAYS = 12 * 365

/** A child that was entered under the name, the card or the telephone of its mother. */
function areMotherAndChild(a: Compared, b: Compared): boolean {
  const [older, younger] = (a.birthOn ?? '') <= (b.birthOn ?? '') ? [a, b] : [b, a]
  const isGenerationApart = Boolean(older.birthOn && younger.birthOn && daysBetween(older.birthOn, younger.birthOn) >= CHILDBEARING_DAYS)
  const isNamedAfter = (child: Compared, mother: Compared) =>
    newborn.test(child.name) && mother.name !== '' && !newborn.test(mother.name) && child.name.startsWith(mother.name)
  if (isNamedAfter(a, b) || isNamedAfter(b, a)) return true
  const isShared = ofPhone(a, b) !== null || (a.identityCard !== null && a.identityCard === b.identityCard)
  return isGenerationApart && isShared && hasDifferentName(a, b)
}
