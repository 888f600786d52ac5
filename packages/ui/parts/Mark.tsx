import { colours } from '../tokens.ts'

/** The mark: a heart drawn by the two strokes of 人. */
export function Mark({ size = 24, colour = colours.warmGraphic, opacity = 1 }: { size?: number; colour?: string; opacity?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <g stroke={colour} strokeWidth="3.5" strokeLinecap="round" strokeLinejoin="round" opacity={opacity}>
        <path d="M16.400 9.200C14.200 5.400 10.200 4 7.200 5.700 3.500 7.900 3 13 5.900 17c2.200 3 5.700 5.900 9.300 9.500" />
        <path d="M16.400 9.200c2.100-3.800 6-5.200 9.100-3.500 3.800 2.100 4.300 7.200 1.500 11.200-1.500 2.100-3.700 4.100-6 6.300-2.700-2.800-4.700-8-4.600-14Z" />
      </g>
    </svg>
  )
}
