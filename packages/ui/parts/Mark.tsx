import { colours } from '../tokens.ts'

/** The mark: a heart drawn by the two strokes of 人. */
export function Mark({ size = 24, colour = colours.warmGraphic }: { size?: number; colour?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <g stroke={colour} strokeWidth="3.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M16.6 9.4C14.6 5.6 10.6 4 7.4 5.8 3.6 8 3.2 13.2 6.2 17.2c2.2 3 5.8 6 9.4 9.6" />
        <path
          d="M16.6 9.4c2-3.8 6-5.2 9.1-3.5 3.8 2.1 4.3 7.2 1.5 11.2-1.5 2.1-3.6 4-5.9 6.2C18.600 20.600 16.400 15.800 16.600 9.400Z"
          fill="none"
        />
      </g>
    </svg>
  )
}
