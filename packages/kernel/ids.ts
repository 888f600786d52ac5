const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const drawn = new Uint8Array(4096)
let used = drawn.length

/** Random bytes, drawn for many ids at once: to draw takes longer than to write an id. */
function randomByte(): number {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn)
    used = 0
  }
  const byte = drawn[used] ?? 0
  used += 1
  return byte
}

/** A UUIDv7 (RFC 9562, 5.7): ordered by the moment it was made, to the millisecond. */
export function newId(now: number = Date.now()): string {
  const time = Math.floor(now).toString(16).padStart(12, '0')
  const two = () => `${hex[randomByte()]}${hex[randomByte()]}`
  const version = `7${two().slice(1)}`
  const variant = `${hex[(randomByte() & 0x3f) | 0x80]}${hex[randomByte()]}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${two()}${two()}${two()}`
}
