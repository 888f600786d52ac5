import { houseWords } from '../words.ts'

/** The shape of what is coming; it shows itself only after 0.3 s, so that a quick answer does not flicker. */
export function Skeleton({ lines = 4, label = houseWords.loading }: { lines?: number; label?: string }) {
  return (
    <div className="rx-skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, n) => (
        <span key={n} style={{ width: `${[92, 78, 85, 64, 88, 70][n % 6]}%` }} />
      ))}
    </div>
  )
}
