import { expect, test } from 'vitest'
import { safeName, sniff } from './rules.ts'

const zip = (...parts: string[]) => Buffer.from(`PK\u0003\u0004${parts.join('....')}`, 'latin1')

test.each([
  ['a PDF', Buffer.from('%PDF-1.7\n'), 'pdf'],
  ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), 'png'],
  ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'jpg'],
  ['a Word file', zip('[Content_Types].xml', 'word/document.xml'), 'docx'],
  ['an Excel file', zip('[Content_Types].xml', 'xl/workbook.xml'), 'xlsx'],
  ['words in UTF-8', Buffer.from('已整改：增加导诊一名。\n'), 'txt'],
  ['words in GB18030', Buffer.from([0xd2, 0xd1, 0xd5, 0xfb, 0xb8, 0xc4]), 'txt'],
  ['an Excel file with macros', zip('[Content_Types].xml', 'xl/workbook.xml', 'xl/vbaProject.bin'), undefined],
  ['a plain zip', zip('a.txt'), undefined],
  ['a page of HTML', Buffer.from('  <!DOCTYPE html><script>alert(1)</script>'), undefined],
  ['an SVG', Buffer.from('<svg onload="x"/>'), undefined],
  ['a program', Buffer.from([0x4d, 0x5a, 0, 0, 3]), undefined],
  ['nothing', Buffer.alloc(0), undefined],
])('%s is taken as %s', (_, body, expected) => {
  expect(sniff(body)).toBe(expected)
})

test.each([
  ['C:\\桌面\\整改照片.JPG', 'jpg', '整改照片.JPG'],
  ['../../etc/passwd', 'txt', 'passwd.txt'],
  ['report.html', 'pdf', 'report.html.pdf'],
  ['照片\u202egpj.exe', 'png', '照片gpj.exe.png'],
  ['.pdf', 'pdf', '.pdf.pdf'],
  ['"<>"', 'png', 'file.png'],
] as const)('the name %s of a %s is kept as %s', (said, type, expected) => {
  expect(safeName(said, type)).toBe(expected)
})
