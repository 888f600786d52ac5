/** Characters as people count them: a rare one beyond the basic plane is one, not two. */
const characters = (text: string) => Array.from(text)
const stars = (count: number) => '*'.repeat(Math.max(count, 1))

/** `张*` `王*明` `欧**娜`; with a dot or a space inside, the first and the last character and a star for each between. */
export function maskName(name: string): string {
  const all = characters(name.trim())
  const [first = '', last = ''] = [all[0], all.at(-1)]
  if (all.length === 0) return ''
  if (all.length === 1) return '*'
  if (all.length === 2) return `${first}*`
  if (/[·•・‧\u00b7\u30fb]/u.test(name)) return first + stars(all.length - 2) + last
  return first + (all.length === 3 ? '*' : '**') + last
}

/** `320***********1234`; of a short one the last two. */
export function maskIdentityCard(number: string): string {
  const all = characters(number)
  if (all.length < 10) return stars(all.length - 2) + all.slice(-2).join('')
  return all.slice(0, 3).join('') + stars(all.length - 7) + all.slice(-4).join('')
}
