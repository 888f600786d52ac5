import { crc32, deflateRawSync } from 'node:zlib'

export type ZipEntry = { name: string; body: Buffer }

const DEFLATED = 8
const UTF8_NAMES = 0x0800
const VERSION = 20

/** A ZIP archive of some files (PKWARE APPNOTE 6.3, without ZIP64: under 4 GB). `at` is the time that each says of itself, on the wall where it was made. */
export function zipOf(entries: readonly ZipEntry[], at: { day: string; time: string }): Buffer {
  const [year = 1980, month = 1, day = 1] = at.day.split('-').map(Number)
  const [hour = 0, minute = 0] = at.time.split(':').map(Number)
  const dosTime = (hour << 11) | (minute << 5)
  const dosDate = ((year - 1980) << 9) | (month << 5) | day
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, body } of entries) {
    const title = Buffer.from(name)
    const packed = deflateRawSync(body)
    const about = Buffer.alloc(26) // what both headers say in the same order
    about.writeUInt16LE(VERSION, 0)
    about.writeUInt16LE(UTF8_NAMES, 2)
    about.writeUInt16LE(DEFLATED, 4)
    about.writeUInt16LE(dosTime, 6)
    about.writeUInt16LE(dosDate, 8)
    about.writeUInt32LE(crc32(body), 10)
    about.writeUInt32LE(packed.length, 14)
    about.writeUInt32LE(body.length, 18)
    about.writeUInt16LE(title.length, 22)
    files.push(Buffer.from([0x50, 0x4b, 3, 4]), about, title, packed)
    const rest = Buffer.alloc(14) // no comment, the first disk, no attributes
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, VERSION, 0]), about, rest, title)
    offset += 4 + about.length + title.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, listed, end])
}
