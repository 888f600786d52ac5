import type { Problem } from '@renxin/client'
import { Mark } from '@renxin/ui'
import { houseWords, sentenceOf } from '@renxin/ui/words'
import { words } from '../words.ts'

/** While the console comes, and where it does not. */
export function Splash({ failure, onRetry }: { failure?: Problem; onRetry?: () => void }) {
  return (
    <main className="splash">
      <Mark size={56} />
      {failure ? (
        <div role="alert">
          <h1>{words.cannotStart}</h1>
          <p>{sentenceOf(failure)}</p>
          {failure.requestId && (
            <p className="rx-note">
              {houseWords.requestId} {failure.requestId}
            </p>
          )}
          <button type="button" className="rx-button rx-button-primary" onClick={onRetry}>
            {houseWords.retry}
          </button>
        </div>
      ) : (
        <p role="status">{words.starting}</p>
      )}
    </main>
  )
}
