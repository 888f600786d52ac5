/** What fits into a time, in its order: whoever would take longer than is left is passed over, and somebody after them may fit. */
export function fitInto<T extends { seconds: number }>(rows: readonly T[], seconds: number): T[] {
  let left = seconds
  return rows.filter((row) => {
    if (row.seconds > left) return false
    left -= row.seconds
    return true
  })
}
