/** `laboratory.latest:HGB` is the source `laboratory.latest`, named more closely by `HGB`. */
export function pathParts(path: string): { source: string; choice: string | null } {
  const at = path.indexOf(':')
  return at < 0 ? { source: path, choice: null } : { source: path.slice(0, at), choice: path.slice(at + 1) }
}
