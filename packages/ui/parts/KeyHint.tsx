/** A key or keys pressed together, drawn as such: `Ctrl+Enter`. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className="rx-keys" aria-hidden="true">
      {keys.split('+').map((key) => (
        <kbd key={key}>{key === 'ArrowUp' ? '↑' : key === 'ArrowDown' ? '↓' : key}</kbd>
      ))}
    </span>
  )
}
