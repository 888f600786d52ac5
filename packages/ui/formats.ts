import { addDays, daysBetween, wallTime } from '@renxin/kernel'
import { houseWords, language } from './words.ts'

let zone = 'Asia/Shanghai'

/** Moments are shown as the clock on the hospital's wall shows them, wherever the browser stands. */
export const setZone = (name: string): void => {
  zone = name
}
export const presentZone = (): string => zone

type Moment = string | Date
const wall = (at: Moment) => wallTime(typeof at === 'string' ? new Date(at) : at, zone)

const isNothing = (value: unknown): value is null | undefined | '' => value === null || value === undefined || value === ''

/** The day it is in the hospital. */
export const today = (now: Moment = new Date()): string => wall(now).slice(0, 10)

/** `2025-03-08 14:05`. */
export const formatFull = (at: Moment | null | undefined): string => (isNothing(at) ? houseWords.none : wall(at).slice(0, 16))

/** For lists: `今天 14:05`, `昨天 09:12`, else the full date and time; show `formatFull` on hover. */
export function formatMoment(at: Moment | null | undefined, now: Moment = new Date()): string {
  if (isNothing(at)) return houseWords.none
  const [day = '', time = ''] = wall(at).split(' ')
  const off = daysBetween(today(now), day)
  const word = off === 0 ? houseWords.today : off === -1 ? houseWords.yesterday : off === 1 ? houseWords.tomorrow : day
  return `${word} ${time.slice(0, 5)}`
}

/** When something is due: as `formatMoment`, but a day alone where no time of it was named. */
export function formatDue(at: Moment | null | undefined, now: Moment = new Date()): string {
  const text = formatMoment(at, now)
  return text.endsWith(' 00:00') ? text.slice(0, -6) : text
}

/** `14:05`. */
export const formatTime = (at: Moment | null | undefined): string => (isNothing(at) ? houseWords.none : wall(at).slice(11, 16))

/** A calendar day, `2025-03-08`; of a moment, the day on which it falls in the hospital. */
export function formatDay(day: Moment | null | undefined): string {
  if (isNothing(day)) return houseWords.none
  return typeof day === 'string' && day.length === 10 ? day : wall(day).slice(0, 10)
}

/** For due days: `今天`, `明天`, `昨天`, else `3月12日` or, in another year, the whole day. */
export function formatNearDay(day: string | null | undefined, now: Moment = new Date()): string {
  if (isNothing(day)) return houseWords.none
  const here = today(now)
  if (day === here) return houseWords.today
  if (day === addDays(here, 1)) return houseWords.tomorrow
  if (day === addDays(here, -1)) return houseWords.yesterday
  if (language() === 'en' || day.slice(0, 4) !== here.slice(0, 4)) return day
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`
}

/** `2025-03-01 ~ 2025-03-08`, both days included. */
export const formatDays = (from: string | null | undefined, to: string | null | undefined): string =>
  `${formatDay(from)} ~ ${formatDay(to)}`

/** `12天`, `7月龄`, `2岁4个月`, `67岁`; at the day of the visit where a visit is shown. */
export function formatAge(bornOn: string | null | undefined, on: string = today()): string {
  if (isNothing(bornOn)) return houseWords.none
  const days = daysBetween(bornOn, on)
  if (days < 0) return houseWords.none
  if (days < 28) return houseWords.daysOld({ n: days })
  const [y0 = 0, m0 = 0, d0 = 0] = bornOn.split('-').map(Number)
  const [y1 = 0, m1 = 0, d1 = 0] = on.split('-').map(Number)
  const months = (y1 - y0) * 12 + (m1 - m0) - (d1 < d0 ? 1 : 0)
  if (months < 12) return houseWords.months({ n: months })
  const years = Math.floor(months / 12)
  if (years < 6 && months % 12 > 0) return houseWords.yearsMonths({ years, months: months % 12 })
  return houseWords.years({ n: years })
}

/** `138 0013 8000`, `0510-1234 5678`; a masked number stays as the server sent it. */
export function formatPhone(phone: string | null | undefined): string {
  if (isNothing(phone)) return houseWords.none
  if (/^1\d{10}$/.test(phone)) return `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`
  const landline = /^(010|02\d|0[3-9]\d\d)-?(\d{7,8})$/.exec(phone)
  if (!landline) return phone
  const [, area = '', number = ''] = landline
  return `${area}-${number.slice(0, -4)} ${number.slice(-4)}`
}

/** `¥1,280.00`; amounts come as decimal text, so that no cent is lost. */
export function formatMoney(yuan: number | string | null | undefined): string {
  if (isNothing(yuan)) return houseWords.none
  const [whole = '0', cents = ''] = (typeof yuan === 'number' ? yuan.toFixed(2) : yuan).split('.')
  const sign = whole.startsWith('-') ? '-' : ''
  return `${sign}¥${whole.replace('-', '').replace(/\B(?=(\d{3})+$)/g, ',')}.${cents.padEnd(2, '0').slice(0, 2)}`
}

/** `1,284`. */
export const formatCount = (n: number | null | undefined): string =>
  isNothing(n) ? houseWords.none : String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')

/** A share between 0 and 1 as `91.7%`; nothing in the sample is a dash. */
export const formatPercent = (share: number | null | undefined): string =>
  isNothing(share) || Number.isNaN(share) ? houseWords.none : `${(share * 100).toFixed(1)}%`

/** A mean, `4.62`. */
export const formatScore = (score: number | null | undefined): string =>
  isNothing(score) || Number.isNaN(score) ? houseWords.none : score.toFixed(2)

/** A net promoter score, `+42`. */
export function formatNps(score: number | null | undefined): string {
  if (isNothing(score) || Number.isNaN(score)) return houseWords.none
  const n = Math.round(score)
  return n > 0 ? `+${n}` : String(n)
}

/** `02:35`, or `3天4小时` where it is long. */
export function formatDuration(seconds: number | null | undefined): string {
  if (isNothing(seconds)) return houseWords.none
  const s = Math.max(0, Math.round(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  if (s < 3600) return `${two(Math.floor(s / 60))}:${two(s % 60)}`
  const hours = Math.floor(s / 3600)
  const zh = language() === 'zh'
  if (hours < 24) return zh ? `${hours}小时${Math.floor((s % 3600) / 60)}分` : `${hours} h ${Math.floor((s % 3600) / 60)} min`
  return zh ? `${Math.floor(hours / 24)}天${hours % 24}小时` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `▲ 1.2 个百分点` and, for readers, the word 上升. A difference of shares is in points; `unit` replaces that. */
export function formatChange(by: number | null | undefined, options: { unit?: string; digits?: number; isShare?: boolean } = {}): string {
  if (isNothing(by) || Number.isNaN(by)) return houseWords.none
  const { isShare = true, digits = 1, unit = isShare ? houseWords.percentPoints : '' } = options
  const amount = (Math.abs(by) * (isShare ? 100 : 1)).toFixed(digits)
  if (Number(amount) === 0) return houseWords.unchanged
  return `${by > 0 ? '▲' : '▼'} ${amount}${unit ? ` ${unit}` : ''}`
}
