import { checkIdentityCard } from '@renxin/patients/contract'

/** An identity number of an imaginary person, from a place that there is not. */
export function cardOf(order: number, birth = '19700506'): string {
  const body = `000001${birth}${String(order % 1000).padStart(3, '0')}`
  return [...'0123456789X'].map((c) => body + c).find((n) => checkIdentityCard(n).isValid) ?? body
}

export const csv = (rows: readonly (readonly string[])[]): Buffer =>
  Buffer.from(rows.map((r) => r.map((c) => (/[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(',')).join('\r\n'))

export const heads = ['病案号', '姓名', '性别', '出生日期', '身份证号', '联系电话', '家庭住址', '费别']

/** A plain row of `heads`, all of it right. */
export function person(n: number, more: Partial<Record<(typeof heads)[number], string>> = {}): string[] {
  const day = `19${50 + (n % 50)}-0${1 + (n % 9)}-1${n % 9}`
  const usual: Record<string, string> = {
    病案号: `0${String(200_000 + n)}`,
    姓名: `王${'芳敏静丽强磊军洋勇艳'[n % 10]}${'一二三四五六七八九'[n % 9]}`,
    性别: n % 2 ? '男' : '女',
    出生日期: day,
    身份证号: '',
    联系电话: `139${String(10_000_000 + n)}`,
    家庭住址: `人民路${n}号`,
    费别: n % 3 ? '自费' : '职工医保',
  }
  return heads.map((h) => more[h] ?? usual[h] ?? '')
}
