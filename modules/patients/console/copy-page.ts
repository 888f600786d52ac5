import type { Reply } from '@renxin/kernel'
import { formatFull } from '@renxin/ui'
import type { rightsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.rights
export type Copy = Reply<typeof rightsApi.takeCopy>
type Value = Copy['sections'][number]['rows'][number][string]

const wordOf = (known: Readonly<Record<string, string>>, key: string): string => known[key] ?? key
/** People have names, all else is called something. */
const labelOf = (section: string, field: string) =>
  field === 'name' && ['person', 'contacts', 'people'].includes(section) ? words.name : wordOf(t.column, field)
const escaped = (text: string) => text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'))
const isMoment = (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)

function shown(value: Value): string {
  if (typeof value === 'boolean') return value ? t.yes : t.no
  const text = String(value)
  return isMoment(text) ? formatFull(text) : wordOf(t.code, text)
}

const style = `body{font:14px/1.6 sans-serif;max-width:800px;margin:24px auto;padding:0 16px;color:#1d2129}h1{font-size:20px}h2{font-size:16px;margin:24px 0 8px}
table{width:100%;border-collapse:collapse}td{border:1px solid #999;padding:6px;white-space:pre-wrap;overflow-wrap:anywhere}td div{break-inside:avoid}`

/** A copy as a page that stands by itself: it is printed, or read on any computer. Nothing in it is taken for markup. */
export function copyPage(copy: Copy): string {
  const note = t.copyNote({ serial: copy.serial, hospital: copy.hospital, at: formatFull(copy.takenAt), by: copy.byName })
  const sections = copy.sections.map(({ section, rows }) => {
    const lines = rows.map((row) => {
      const facts = Object.entries(row).filter(([, value]) => value !== null && value !== '' && value !== false)
      const list = facts.map(([field, value]) => `<div><b>${escaped(labelOf(section, field))}</b> ${escaped(shown(value))}</div>`)
      return `<tr><td>${list.join('')}</td></tr>`
    })
    return `<section><h2>${escaped(wordOf(t.section, section))}</h2><table>${lines.join('')}</table></section>`
  })
  const body = `<div><h1>${escaped(t.copyTitle)}</h1><p>${escaped(note)}</p>${sections.join('')}</div>`
  const head = `<meta charset="utf-8"><title>${escaped(t.copyTitle)}</title><style>${style}</style>`
  return `<!doctype html><html lang="zh"><head>${head}</head><body>${body}</body></html>`
}
